"""Search finds what is open to the viewer, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.models import Company, Contact, Contract, Deal, Payment, Relationship, Stage, Task
from salesys.db.effective import from_date
from salesys.db.scope import viewer_for
from salesys.web.search import find
from tests.personas import PersonaCompany

TODAY = date(2026, 3, 5)


@pytest.fixture
def base(company: PersonaCompany) -> PersonaCompany:
    """One company of the seller and one of a rival, each with a contact, a deal and a task."""
    pairs = ((company.seller, company.machinery, "Zarya Works"), (company.rival_seller, company.retail, "Zarya Stores"))
    for persona, direction, name in pairs:
        row = Company.all_rows.create(name=name, direction=direction)
        Relationship.all_rows.create(company=row, employee=persona.employee, kind="hunter", valid=from_date(date(2025, 2, 1)))
        Contact.all_rows.create(company=row, full_name=f"Zara of {name}", phone="+74951234567")
        stage = Stage.all_rows.earliest("position")
        Deal.all_rows.create(title=f"{name}: presses", company=row, seller=persona.employee, stage=stage, opened_on=TODAY)
        Task.all_rows.create(kind="other", title=f"Write to {name}", assignee=persona.employee, due_on=TODAY)
    return company


def labels(base: PersonaCompany, name: str, query: str) -> list[str]:
    persona = getattr(base, name)
    return [hit.label for group in find(viewer_for(persona.user), query, limit=5) for hit in group.hits]


def test_owner_finds_every_kind(base: PersonaCompany) -> None:
    found = labels(base, "owner", "zarya")

    assert found[:4] == ["Zarya Stores", "Zarya Works", "Zara of Zarya Stores", "Zara of Zarya Works"]
    assert sorted(found[4:6]) == ["Zarya Stores: presses", "Zarya Works: presses"]
    assert sorted(found[6:]) == ["Write to Zarya Stores", "Write to Zarya Works"]


def test_seller_finds_own_records_only(base: PersonaCompany) -> None:
    assert labels(base, "seller", "zarya") == [
        "Zarya Works",
        "Zara of Zarya Works",
        "Zarya Works: presses",
        "Write to Zarya Works",
    ]


@pytest.mark.parametrize("name", ["assistant", "hr", "administrator", "marketer", "unassigned"])
def test_others_find_nothing(base: PersonaCompany, name: str) -> None:
    assert labels(base, name, "zarya") == []


@pytest.mark.parametrize("query", ["", "z", "   ", "\0", "nobody at all"])
def test_nothing_is_found_for_no_words(base: PersonaCompany, query: str) -> None:
    assert labels(base, "owner", query) == []


def test_phone_numbers_are_not_searched(base: PersonaCompany) -> None:
    assert labels(base, "owner", "74951234567") == []


def test_palette_gives_options(base: PersonaCompany) -> None:
    response = base.seller.client.get("/search/palette/", {"q": "works"})

    assert response.status_code == 200
    assert response.content.decode().count('role="option"') == 4
    assert "Stores" not in response.content.decode()


def test_search_page_gives_a_part_to_htmx(base: PersonaCompany) -> None:
    whole = base.seller.client.get("/search/", {"q": "works"})
    part = base.seller.client.get("/search/", {"q": "works"}, headers={"HX-Request": "true"})

    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "Zarya Works" in part.content.decode()


@pytest.fixture
def money(base: PersonaCompany) -> PersonaCompany:
    """A contract and a payment of each of the two companies."""
    for persona, name, number in ((base.seller, "Zarya Works", "C-2026/7"), (base.rival_seller, "Zarya Stores", "C-2026/8")):
        company = Company.all_rows.get(name=name)
        contract = Contract.all_rows.create(number=number, company=company, seller=persona.employee, signed_on=TODAY, amount=100)
        Payment.all_rows.create(
            reference=f"BANK-{number[-1]}",
            company=company,
            contract=contract,
            paid_on=TODAY,
            amount=50,
            currency="RUB",
            vat_rate=0,
            amount_without_vat=50,
            source="form",
        )
    return base


def test_a_contract_is_found_by_its_number_and_a_payment_by_its_reference(money: PersonaCompany) -> None:
    assert labels(money, "owner", "C-2026/7") == ["C-2026/7"]
    assert labels(money, "accountant", "c-2026") == ["C-2026/7", "C-2026/8"]
    assert labels(money, "accountant", "bank-8") == ["BANK-8"]
    hits = [hit for group in find(viewer_for(money.owner.user), "BANK-7", limit=5) for hit in group.hits]
    assert [hit.url for hit in hits] == [f"/payments/{Payment.all_rows.get(reference='BANK-7').pk}/"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("seller", ["C-2026/7"]), ("rival_seller", ["C-2026/8"]), ("telesales", []), ("hr", []), ("administrator", [])],
)
def test_money_is_found_within_the_scope_only(money: PersonaCompany, name: str, found: list[str]) -> None:
    assert labels(money, name, "C-2026") == found
    assert labels(money, name, "BANK-") == [label.replace("C-2026/", "BANK-") for label in found]
