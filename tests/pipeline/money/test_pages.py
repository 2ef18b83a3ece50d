from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from pipeline.deals.models import Deal
from pipeline.money.models import Contract, Payment
from pipeline.money.services import record_payment, record_refund
from salesys.db import clock
from tests.pipeline.money.conftest import Books

FORM = {"contract": "C-1", "amount": "1 200,00", "paid_on": "2026-04-06", "vat_rate": "20", "reference": "B-1"}


def test_accountant_enters_a_payment(books: Books) -> None:
    browser = books.company.accountant.client
    response = browser.post("/payments/new/", FORM)
    payment = Payment.all_rows.get()
    assert response["Location"] == f"/payments/{payment.pk}/"
    assert (payment.amount_without_vat, payment.entered_by) == (Decimal("1000.00"), books.company.accountant.user)
    assert browser.post("/payments/new/", FORM)["Location"] == response["Location"]
    assert Payment.all_rows.count() == 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"contract": "C-9"}, "No contract has this number."),
        ({"amount": "lots"}, "This is not an amount"),
        ({"amount": "-5"}, "A payment is more than zero"),
        ({"vat_rate": "120"}, "99"),
        ({"currency": "EUR"}, "Another currency needs the rate of the day."),
        ({"paid_on": "2999-01-01"}, "This day has not come yet"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(books: Books, changes: dict[str, str], text: str) -> None:
    response = books.company.accountant.client.post("/payments/new/", {**FORM, **changes})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert not Payment.all_rows.exists()


def test_refund_is_typed_without_a_minus(books: Books) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("120.00")).payment
    browser = books.company.accountant.client
    url = f"/payments/{paid.pk}/refund/"
    assert 'value="120.00"' in browser.get(url).content.decode()
    assert browser.post(url, {"amount": "-20", "paid_on": "2026-04-07"}).status_code == 400
    assert browser.post(url, {"amount": "120.01", "paid_on": "2026-04-07"}).status_code == 400
    assert browser.post(url, {"amount": "120", "paid_on": "2026-04-07"}).status_code == 302
    assert Payment.all_rows.get(refund_of=paid).amount == Decimal("-120.00")
    assert browser.get(url).status_code == 404


def test_list_sums_what_it_shows_and_only_what_may_be_seen(books: Books) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("1200.00")).payment
    record_refund(actor=None, payment=paid, values=books.values("-600.00"))
    record_payment(actor=None, contract=books.rival_contract, values=books.values("96.00"))
    owner = books.company.owner.client.get("/payments/?month=2026-04").context
    assert (owner["totals"].count, owner["totals"].net) == (3, Decimal("580.00"))
    seller = books.company.seller.client.get("/payments/?month=2026-04").context
    assert (seller["totals"].count, seller["totals"].net) == (2, Decimal("500.00"))
    refunds = books.company.owner.client.get("/payments/?month=all&kind=refunds&q=nordw").context
    assert [row.amount for row in refunds["page"]] == [Decimal("-600.00")]


@pytest.mark.parametrize(
    "query", ["month=never&direction=x&kind=z&q=%00", "month=2026-13&direction=99999999999999999999", "page=-1&sort=secret"]
)
def test_nonsense_in_the_address_is_no_error(books: Books, query: str) -> None:
    for path in ("/payments/", "/contracts/", "/receivables/"):
        assert books.company.owner.client.get(f"{path}?{query}").status_code == 200


def test_receivables_are_narrowed_by_age(books: Books) -> None:
    Contract.all_rows.filter(pk=books.contract.pk).update(due_on=clock.today())
    Contract.all_rows.filter(pk=books.rival_contract.pk).update(due_on=None)
    browser = books.company.owner.client
    found = {
        kind: [row.number for row in browser.get(f"/receivables/?kind={kind}").context["page"]]
        for kind in ("", "soon", "later", "overdue", "overdue_30", "overdue_90")
    }
    assert found == {"": ["C-1", "C-2"], "soon": ["C-1"], "later": ["C-2"], "overdue": [], "overdue_30": [], "overdue_90": []}
    assert browser.get("/receivables/").context["total"] == Decimal("5800.00")


def test_seller_signs_the_own_deal_on_its_page(books: Books) -> None:
    deal = Deal.all_rows.create(
        title="Second lathe",
        company=books.client,
        seller=books.company.seller.employee,
        stage_id=1,
        amount=70,
        opened_on=date(2026, 2, 2),
    )
    url = f"/contracts/sign/{deal.pk}/"
    browser = books.company.seller.client
    assert 'value="70.00"' in browser.get(url).content.decode()
    assert browser.post(url, {"signed_on": "2026-01-01", "amount": "70"}).status_code == 400
    response = browser.post(url, {"signed_on": "2026-03-05", "amount": "70,50", "due_on": "2026-04-05"})
    contract = Contract.all_rows.get(deal=deal)
    assert response["Location"] == f"/contracts/{contract.pk}/"
    assert contract.amount == Decimal("70.50")
    assert browser.get(url)["Location"] == response["Location"]


def test_htmx_gets_the_rows_alone(books: Books) -> None:
    response = books.company.owner.client.get("/contracts/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "C-1" in response.content.decode()


def test_contracts_are_offered_as_number_or_client_is_typed(books: Books) -> None:
    browser = books.company.accountant.client
    paid = books.rival_contract

    def offered(text: str) -> list[str]:
        page = browser.get("/contracts/options/", {"contract": text}).content.decode()
        return re.findall(r'value="([^"]+)"', page)

    assert offered(paid.number) == [paid.number]
    assert offered(books.client.name[:6].lower()) == [books.contract.number]
    assert offered("nobody's") == []
    assert sorted(offered("")) == sorted([books.contract.number, paid.number])
    assert 'hx-get="/contracts/options/"' in browser.get("/payments/new/").content.decode()
