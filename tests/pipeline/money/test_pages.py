from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

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


def drawn(browser: Client, url: str, **typed: str) -> dict[str, str]:
    """What the browser sends from the form that it was given: hidden values, and what is typed."""
    form = browser.get(url).context["form"]
    return {"once": form["once"].value(), **typed}


def test_a_payment_form_that_is_sent_twice_is_one_payment(books: Books) -> None:
    browser, typed = books.company.accountant.client, {**FORM, "reference": ""}
    page = drawn(browser, "/payments/new/", **typed)
    first = browser.post("/payments/new/", page)
    again = browser.post("/payments/new/", page, follow=True)
    payment = Payment.all_rows.get()
    assert [first["Location"], again.redirect_chain[0][0]] == [f"/payments/{payment.pk}/"] * 2
    assert "This payment was recorded already." in again.content.decode()
    browser.post("/payments/new/", drawn(browser, "/payments/new/", **typed))
    assert Payment.all_rows.count() == 2, "another form with the same content is another payment"


def test_a_refused_form_is_corrected_and_sent_under_the_same_value(books: Books) -> None:
    browser = books.company.accountant.client
    page = drawn(browser, "/payments/new/", **{**FORM, "reference": "", "amount": "-5"})
    refused = browser.post("/payments/new/", page)
    assert refused.status_code == 400
    assert refused.context["form"]["once"].value() == page["once"]
    assert browser.post("/payments/new/", {**page, "amount": "5"}).status_code == 302
    assert Payment.all_rows.get().amount == Decimal("5.00")


def test_a_form_that_comes_back_changed_asks_before_it_records_another(books: Books) -> None:
    browser = books.company.accountant.client
    page = drawn(browser, "/payments/new/", **{**FORM, "reference": ""})
    browser.post("/payments/new/", page)
    changed = browser.post("/payments/new/", {**page, "amount": "1 300,00"})
    assert changed.status_code == 400
    assert "This form was sent before with other content" in changed.content.decode()
    assert Payment.all_rows.get().amount == Decimal("1200.00")
    renewed = changed.context["form"]["once"].value()
    assert f'value="{renewed}"' in changed.content.decode()
    assert browser.post("/payments/new/", {**page, "amount": "1 300,00", "once": renewed}).status_code == 302
    assert Payment.all_rows.count() == 2


def test_the_value_of_a_form_counts_for_one_person_and_one_page(books: Books) -> None:
    page = drawn(books.company.accountant.client, "/payments/new/", **{**FORM, "reference": ""})
    for persona in (books.company.accountant, books.company.owner):
        assert persona.client.post("/payments/new/", page).status_code == 302
    assert sorted(str(row.entered_by) for row in Payment.all_rows.all()) == sorted(
        str(persona.user) for persona in (books.company.accountant, books.company.owner)
    )


@pytest.mark.parametrize("amount", ["20", "120"])
def test_a_refund_form_that_is_sent_twice_is_one_refund(books: Books, amount: str) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("120.00")).payment
    browser, url = books.company.accountant.client, f"/payments/{paid.pk}/refund/"
    page = drawn(browser, url, amount=amount, paid_on="2026-04-07")
    first = browser.post(url, page)
    again = browser.post(url, page, follow=True)
    refund = Payment.all_rows.get(refund_of=paid)
    assert refund.amount == -Decimal(amount)
    assert [first["Location"], again.redirect_chain[0][0]] == [f"/payments/{refund.pk}/"] * 2
    assert "This refund was recorded already." in again.content.decode()


def test_nothing_is_left_for_a_second_refund_by_another_form(books: Books) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("120.00")).payment
    browser, url = books.company.accountant.client, f"/payments/{paid.pk}/refund/"
    pages = [drawn(browser, url, amount="120", paid_on="2026-04-07") for _number in range(2)]
    assert [browser.post(url, page).status_code for page in pages] == [302, 400]
    assert Payment.all_rows.filter(refund_of=paid).count() == 1


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
