"""The department in English: a supplier of warehouse equipment in the United States."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from salesys.demo.words import City, Market, Words

WORDS = Words(
    locale="en_US",
    organisation="Northern Vector (demo)",
    currency="USD",
    country="US",
    time_zone="America/Chicago",
    far_time_zone="America/Los_Angeles",
    vat_rate=Decimal(0),
    scale=Decimal("0.1"),
    phone="+1 {code} 555 {number:04d}",
    departments=MappingProxyType(
        {
            "management": "Management",
            "active_one": "Active sales 1",
            "active_two": "Active sales 2",
            "inbound": "Inbound requests",
            "interregional": "West Coast branch",
            "clients": "Client department",
            "vip": "VIP department",
            "telesales": "Telesales",
            "assistants": "Assistants",
            "office": "Back office",
        }
    ),
    markets=(
        Market(
            "Manufacturing",
            ("Machinery", "Metal products", "Plastics", "Chemicals"),
            ("{stem} Machine Works", "{stem} Metals", "{stem} Plastics", "{stem} Tooling", "{stem} Chemical", "{stem} Castings"),
        ),
        Market(
            "Transport and logistics",
            ("Freight", "Warehousing", "Courier services"),
            ("{stem} Freight", "{stem} Logistics", "{stem} Haulage", "{stem} Storage", "{stem} Couriers", "{stem} Cargo"),
        ),
        Market(
            "Retail and food",
            ("Grocery chains", "Wholesale", "Food processing"),
            ("{stem} Foods", "{stem} Markets", "{stem} Wholesale", "{stem} Dairy", "{stem} Bakery", "{stem} Supply"),
        ),
        Market(
            "Construction",
            ("Building materials", "General contracting", "Fit-out"),
            ("{stem} Building", "{stem} Concrete", "{stem} Contractors", "{stem} Timber", "{stem} Interiors", "{stem} Roofing"),
        ),
    ),
    existing_clients="Existing clients",
    products=("Pallet racking", "Electric stackers", "Warehouse software", "Service contract", "Spare parts", "Warehouse design"),
    categories=("Equipment", "Equipment", "Software", "Service", "Consumables", "Projects"),
    cities=(
        City("Chicago", "America/Chicago", "312"),
        City("Milwaukee", "America/Chicago", "414"),
        City("Minneapolis", "America/Chicago", "612"),
        City("Dallas", "America/Chicago", "214"),
        City("Houston", "America/Chicago", "713"),
        City("Detroit", "America/New_York", "313"),
        City("Columbus", "America/New_York", "614"),
        City("Atlanta", "America/New_York", "404"),
        City("Denver", "America/Denver", "303"),
        City("Phoenix", "America/Phoenix", "602"),
        City("Los Angeles", "America/Los_Angeles", "213"),
        City("Portland", "America/Los_Angeles", "503"),
        City("Seattle", "America/Los_Angeles", "206"),
    ),
    stems=("Great Lakes", "Prairie", "Summit", "Blue Ridge", "Cedar", "Ironwood", "Lakeside", "Granite", "Heartland", "Redwood"),
    positions=(
        "Purchasing manager",
        "Operations director",
        "Warehouse manager",
        "Managing director",
        "Head of logistics",
        "Engineer",
    ),
    sources=("Trade fair", "Business directory", "Bought list", "Recommendation", "Web site"),
    lost_reasons=(
        "Chose a competitor",
        "Too expensive",
        "No budget this year",
        "Project postponed",
        "No answer any more",
        "Built in-house",
    ),
    next_steps=MappingProxyType(
        {
            "new": ("Agree on a meeting", "Call the decision maker", "Send the overview"),
            "engaged": ("Meet on site", "Measure the warehouse", "Collect requirements"),
            "proposal": ("Discuss the proposal", "Answer questions on price", "Call about the decision"),
            "contract": ("Get the contract signed", "Clear terms with their lawyer", "Agree on delivery dates"),
        }
    ),
    call_notes=MappingProxyType(
        {
            "refused": ("Has a supplier", "Not interested at present", "Bought racks last year", "Rents its warehouse"),
            "call_back": ("Asked to call later", "In a meeting", "On holiday until next week", "Decides next month"),
            "information": ("Wants price examples", "Asked for references", "Wants to know about leasing"),
            "warm": (
                "Expands the warehouse, wants an offer",
                "Dissatisfied with the present supplier",
                "Plans a new site next year",
            ),
            "meeting": ("Agreed to a visit", "Invited us to see the warehouse", "Wants a demonstration"),
            "gatekeeper": ("Office did not put me through", "Asked to write first"),
        }
    ),
    tasks=MappingProxyType(
        {
            "research": "Prepare a card: {company}",
            "details": "Find out: {company}",
            "letter": "Send material: {company}",
            "meeting": "Visit {company}",
            "follow_up": "Follow up: {company}",
            "documents": "Closing documents: {company}",
            "payment": "Remind of payment: {company}",
        }
    ),
    requests=(
        "Who decides on equipment, and what do they use now?",
        "References in the same industry",
        "Size of the warehouse, number of docks",
    ),
    briefs=(
        "{employees} employees in {city}. Runs its own warehouse, about {area} sq ft.",
        "Founded {year}, {employees} employees. Two docks, hand pallet trucks only.",
        "Family company in {city}. Last purchase of equipment some years ago.",
    ),
    needs=("Racking for a second hall", "Faster loading", "Stock accuracy", "Replacing leased stackers", "Service nearby"),
    card_sources=("Web site, trade register", "Directory, call to the office", "Trade press, web site"),
    script=(
        "Hello, this is {name} from Northern Vector. We equip warehouses in your industry.\n"
        "1. Who decides on racking and stackers?\n2. What do you use now, and what annoys you about it?\n"
        "3. Offer a visit: two dates to choose from."
    ),
    schemes=MappingProxyType(
        {
            "seller": "Hunter",
            "client_manager": "Farmer",
            "vip_manager": "VIP manager",
            "telesales": "Telesales",
            "assistant": "Assistant",
            "industry_head": "Head of direction",
            "commercial_director": "Commercial director",
            "fixed": "Fixed salary",
            "salary": "Salary",
            "new": "New clients",
            "residual": "Earlier clients",
            "plan": "Plan bonus",
            "pool": "Team pool",
            "warmed": "Warmed clients",
            "served": "Clients served",
        }
    ),
    list_name="{market}: cold base",
    qualitative_goals="Every quotation within two days\nNo client without a contact for a month",
    service_notes=("All delivered, content", "Asked about the next delivery", "Needs the closing papers", "Plans an order soon"),
    desk=MappingProxyType(
        {
            "owner": ("Look through the plan and fact of the quarter", "Talk to the director about next year's goal"),
            "commercial_director": (
                "Go through stuck deals with the heads",
                "Decide on hiring in telesales",
                "Check the commissions of the month",
            ),
            "industry_head": ("Listen to three calls of the week", "Plan the visits with the sellers", "Review lost deals"),
            "client_manager": ("Ask three quiet clients how it goes", "Prepare the closing papers of the week"),
            "vip_manager": ("Prepare the quarterly talk with the largest client", "Bring the key people up to date"),
            "base_manager": ("Decide on doubtful rows of the last import", "Load the list of the trade fair"),
            "marketer": (
                "Rewrite the opening of the script",
                "Bring the price examples up to date",
                "Collect references by industry",
            ),
            "accountant": ("Reconcile the bank statement of last week", "Send the reminders of late payments"),
            "hr": ("Talk to candidates for telesales", "Plan the training of the newcomers"),
            "administrator": ("Check who has not signed in for a month", "Look through the runs of the week"),
        }
    ),
)
