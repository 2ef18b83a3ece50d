"""For each operation that writes: who may do it, and a body that is right; made over the rows of one test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.models import Contact, Deal, Stage, Task
from pipeline.money.services import record_payment
from planning.goals.models import YearPlan
from salesys.db import clock
from tests.pipeline.money.conftest import Books


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to write: the persona who does it, method, address, and a body with every field that can be sent."""

    who: str
    method: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)


def operations_of(books: Books) -> dict[str, Operation]:
    """All of them, by name; none has been done yet."""
    return {
        **_of_clients(books),
        **_of_deals(books),
        **_of_money(books),
        **_of_work(books),
        **_of_plans(),
    }


NAMES = (
    "add a company", "change a company", "add a contact", "change a contact", "open a contact", "open a deal", "change a deal",
    "move a deal", "win a deal", "lose a deal", "log a call", "record a payment", "record a payment by number",
    "record a refund", "sign a contract", "set the cost of a contract", "hand out a task", "start a task", "finish a task",
    "cancel a task", "reassign a task", "set a goal", "distribute a plan", "agree a plan",
)  # fmt: skip


def _of_clients(books: Books) -> dict[str, Operation]:
    company = {
        "name": "New Ltd", "direction": books.company.machinery.pk, "parent": books.client.pk, "tax_id": "7701", "city": "Tver",
        "time_zone": "Europe/Moscow", "website": "new.example", "founded_year": 1990, "employee_count": 12,
        "annual_revenue": "100.00", "is_corporate": True, "source": "Fair", "industry": None,
    }  # fmt: skip
    contact = {
        "full_name": "Ivan Ivanov", "position": "Head", "phone": "+7 495 555-01-24", "email": "ivan@clients.example",
        "is_decision_maker": True, "note": "calls back",
    }  # fmt: skip
    known = Contact.all_rows.create(company=books.client, full_name="Anna Petrova", phone="+74955550123")
    return {
        "add a company": Operation("director", "post", "companies/", company),
        "change a company": Operation("director", "patch", f"companies/{books.client.pk}/", {"name": "Other", "parent": None}),
        "add a contact": Operation("seller", "post", "contacts/", contact | {"company": books.client.pk}),
        "change a contact": Operation("seller", "patch", f"contacts/{known.pk}/", {"phone": contact["phone"]}),
        "open a contact": Operation("seller", "post", f"contacts/{known.pk}/reveal/"),
    }


def _of_deals(books: Books) -> dict[str, Operation]:
    deal = _open_deal(books)
    body = {
        "title": "Lathes", "company": books.client.pk, "product": books.product.pk, "amount": "10.00",
        "expected_on": "2027-01-01", "next_step": "Call", "next_step_on": "2027-01-01",
    }  # fmt: skip
    new = body | {"opened_on": "2026-03-01", "stage": "new", "seller": books.company.seller.employee.pk}
    return {
        "open a deal": Operation("seller", "post", "deals/", new),
        "change a deal": Operation("seller", "patch", f"deals/{deal.pk}/", {"amount": "9.00", "next_step_on": None}),
        "move a deal": Operation("seller", "post", f"deals/{deal.pk}/move/", {"stage": "engaged", "on": "2026-03-02"}),
        "win a deal": Operation("seller", "post", f"deals/{deal.pk}/win/", {"on": "2026-03-02"}),
        "lose a deal": Operation("seller", "post", f"deals/{deal.pk}/lose/", {"reason": "Price", "on": "2026-03-02"}),
    }


def _open_deal(books: Books) -> Deal:
    found: Deal = Deal.all_rows.create(
        title="Lathes for Nordwind",
        company=books.client,
        seller=books.company.seller.employee,
        stage=Stage.all_rows.get(code="new"),
        opened_on=date(2026, 3, 1),
        amount=Decimal("100.00"),
    )
    return found


def _of_money(books: Books) -> dict[str, Operation]:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("120.00")).payment
    payment = {
        "paid_on": "2026-04-06", "amount": "5.00", "reference": "R-1", "currency": "EUR", "currency_rate": "90.5",
        "vat_rate": "0.2", "note": "advance",
    }  # fmt: skip
    contract = {
        "deal": _open_deal(books).pk, "signed_on": "2026-03-05", "amount": "7.00", "number": "C-77", "due_on": "2026-04-01",
        "direct_cost": "3.00", "product": books.product.pk,
    }  # fmt: skip
    refund = {"refund_of": paid.pk, "paid_on": "2026-04-07", "amount": "-5.00"}
    return {
        "record a payment": Operation("accountant", "post", "payments/", payment | {"contract": books.contract.pk}),
        "record a payment by number": Operation(
            "accountant", "post", "payments/", {"contract_number": "C-1", "paid_on": "2026-04-06", "amount": "5.00"}
        ),
        "record a refund": Operation("accountant", "post", "payments/", refund),
        "sign a contract": Operation("head", "post", "contracts/", contract),
        "set the cost of a contract": Operation(
            "accountant", "post", f"contracts/{books.contract.pk}/cost/", {"direct_cost": "10.00"}
        ),
    }


def _of_work(books: Books) -> dict[str, Operation]:
    company, soon = books.company, clock.now() + timedelta(days=20)
    helper = company.assistant.employee
    task = Task.all_rows.create(
        kind="research",
        title="Card of Nordwind",
        author=company.telesales.employee,
        assignee=helper,
        company=books.client,
        due_on=soon.date(),
    )
    contact = Contact.all_rows.create(company=books.client, full_name="Boris Orlov")
    call = {
        "company": books.client.pk, "outcome": "call_back", "note": "later", "next_step": "Call again",
        "next_step_at": soon.isoformat(), "duration_seconds": 60, "contact": contact.pk, "amount": "5.00",
        "product": books.product.pk,
    }  # fmt: skip
    new = {
        "kind": "research", "title": "Card", "assignee": helper.pk, "due_on": soon.date().isoformat(),
        "request": "Who decides?", "company": books.client.pk, "contact": contact.pk, "due_at": soon.isoformat(),
        "is_urgent": True,
    }  # fmt: skip
    card = {"brief": "40 people", "decision_maker": "Anna", "needs": "Lathes", "sources": "Web site"}
    at = f"tasks/{task.pk}"
    return {
        "log a call": Operation("seller", "post", "calls/", call),
        "hand out a task": Operation("director", "post", "tasks/", new),
        "start a task": Operation("assistant", "post", f"{at}/start/"),
        "finish a task": Operation("assistant", "post", f"{at}/finish/", {"result": "Done", "card": card}),
        "cancel a task": Operation("telesales", "post", f"{at}/cancel/", {"reason": "Not needed"}),
        "reassign a task": Operation("director", "post", f"{at}/reassign/", {"assignee": helper.pk}),
    }


def _of_plans() -> dict[str, Operation]:
    plan = YearPlan.all_rows.create(year=2027, goal=Decimal(1000))
    goal = {"year": 2028, "goal": "1000.00", "season": ["1"] * 12, "qualitative_goals": "Grow"}
    return {
        "set a goal": Operation("owner", "post", "plans/", goal),
        "distribute a plan": Operation("owner", "post", f"plans/{plan.pk}/distribute/"),
        "agree a plan": Operation("owner", "post", f"plans/{plan.pk}/agree/"),
    }
