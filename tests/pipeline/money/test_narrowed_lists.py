"""Lists of money are narrowed by days and sellers within the scope; what they show sums to the figure that led there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline.money.models import Contract
from pipeline.money.services import record_payment
from tests.personas import Persona
from tests.pipeline.money.conftest import Books

APRIL = "month=2026-04"


@pytest.fixture
def paid(books: Books) -> Books:
    """The seller collected 1,000 on 6 and 100 on 7 April, the rival 80 on 7 April, without VAT."""
    record_payment(actor=None, contract=books.contract, values=books.values("1200.00"))
    record_payment(actor=None, contract=books.contract, values=books.values("120.00", paid_on=date(2026, 4, 7)))
    record_payment(actor=None, contract=books.rival_contract, values=books.values("96.00", paid_on=date(2026, 4, 7)))
    return books


def net(persona: Persona, query: str) -> Decimal:
    context = persona.client.get(f"/payments/?{query}").context
    shown: Decimal = sum((row.amount_without_vat for row in context["page"]), Decimal(0))
    assert context["totals"].net == shown
    return shown


def test_payments_of_a_day_sum_to_the_day(paid: Books) -> None:
    owner = paid.company.owner
    assert net(owner, "since=2026-04-07&until=2026-04-07") == Decimal("180.00")
    assert net(owner, "since=2026-04-01&until=2026-04-30") == net(owner, APRIL) == Decimal("1180.00")
    assert net(owner, f"{APRIL}&since=2026-04-07") == Decimal("180.00")
    assert net(owner, f"{APRIL}&until=2026-04-06") == Decimal("1000.00")


def test_payments_are_narrowed_to_a_seller_of_the_contract(paid: Books) -> None:
    company = paid.company
    assert net(company.owner, f"{APRIL}&seller={company.seller.employee.pk}") == Decimal("1100.00")
    assert net(company.owner, f"{APRIL}&seller={company.rival_seller.employee.pk}") == Decimal("80.00")
    assert net(company.head, f"{APRIL}&seller=team") == Decimal("1100.00")
    assert net(company.accountant, f"{APRIL}&seller=all") == Decimal("1180.00")


def test_asking_for_another_seller_opens_nothing(paid: Books) -> None:
    rival = paid.company.rival_seller.employee
    assert net(paid.company.seller, f"{APRIL}&seller={rival.pk}") == Decimal(0)
    assert net(paid.company.head, f"{APRIL}&seller={rival.pk}") == Decimal(0)
    assert rival.full_name not in paid.company.seller.client.get(f"/payments/?{APRIL}").content.decode()


def test_contracts_that_lose_money_are_found_with_what_they_lose(books: Books) -> None:
    Contract.all_rows.filter(pk=books.contract.pk).update(amount=Decimal("100.00"), direct_cost=Decimal("130.50"))
    Contract.all_rows.filter(pk=books.rival_contract.pk).update(direct_cost=Decimal("1.00"))
    response = books.company.owner.client.get("/contracts/?kind=losing")
    assert [(row.number, row.margin) for row in response.context["page"]] == [("C-1", Decimal("-30.50"))]
    assert (response.context["losses"].count, response.context["losses"].amount) == (1, Decimal("30.50"))
    assert list(books.company.owner.client.get("/contracts/?kind=losing&since=2026-03-03").context["page"]) == []
    assert list(books.company.rival_seller.client.get("/contracts/?kind=losing").context["page"]) == []


def test_the_margin_is_unknown_where_the_cost_goes_by_the_product(books: Books) -> None:
    assert books.contract.margin is None


@pytest.mark.parametrize("query", ["seller=nobody", "seller=99999999999999999999", "since=soon&until=2026-02-31", "seller=%00"])
def test_nonsense_narrows_nothing(paid: Books, query: str) -> None:
    assert net(paid.company.owner, f"{APRIL}&{query}") == Decimal("1180.00")


def test_contracts_of_a_month_are_summed(paid: Books) -> None:
    owner = paid.company.owner
    month = f"{paid.contract.signed_on:%Y-%m}"
    context = owner.client.get(f"/contracts/?month={month}").context
    rows, totals = list(context["page"]), context["totals"]
    assert (totals.count, totals.amount, totals.paid) == (
        len(rows),
        sum(row.amount for row in rows),
        sum(row.paid_amount for row in rows),
    )
    assert totals.paid == Decimal("1180.00")
    assert totals.owed == totals.amount - totals.paid
    assert owner.client.get("/contracts/").context["totals"] is None
    rival = paid.company.rival_seller.client.get(f"/contracts/?month={month}").context["totals"]
    assert (rival.count, rival.paid) == (1, Decimal("80.00"))
