"""A client that changed hands: its former seller follows the payments of the own contract, and sees nothing else of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pipeline.clients.relationships import hand_over_company
from pipeline.models import Company, Contact, Contract, Payment
from pipeline.money.services import record_payment, record_refund
from salesys.db import clock
from tests.pipeline.money.conftest import Books

APRIL = "month=2026-04"


@pytest.fixture
def handed_over(books: Books) -> Books:
    """The seller's client is the second seller's since yesterday, who has signed another contract with it."""
    second = books.company.second_seller.employee
    yesterday = clock.today() - timedelta(days=1)
    hand_over_company(actor=None, company=books.client, employee=second, kind="hunter", from_on=yesterday)
    Contract.all_rows.create(
        number="C-3", company=books.client, seller=second, signed_on=date(2026, 5, 5), amount=Decimal("300.00")
    )
    return books


def pay(books: Books, contract: Contract, amount: str, **more: object) -> Payment:
    return record_payment(actor=None, contract=contract, values=books.values(amount, **more)).payment  # type: ignore[arg-type]


def test_payments_of_the_own_contract_stay_in_sight(handed_over: Books) -> None:
    books = handed_over
    own = pay(books, books.contract, "1200.00")
    back = record_refund(actor=None, payment=own, values=books.values("-120.00")).payment
    others = [pay(books, Contract.all_rows.get(number="C-3"), "60.00"), pay(books, books.rival_contract, "24.00")]
    seen = Payment.objects.visible_to(books.company.seller.user)
    assert list(seen.order_by("pk")) == [own, back]
    for payment in others:
        assert books.company.seller.client.get(f"/payments/{payment.pk}/").status_code == 404


def test_who_holds_the_client_sees_all_of_its_payments(handed_over: Books) -> None:
    books = handed_over
    paid = [pay(books, books.contract, "1200.00"), pay(books, Contract.all_rows.get(number="C-3"), "60.00")]
    pay(books, books.rival_contract, "24.00")
    assert list(Payment.objects.visible_to(books.company.second_seller.user).order_by("pk")) == paid


def test_a_payment_is_listed_once_to_the_seller_who_still_holds_the_client(books: Books) -> None:
    pay(books, books.contract, "1200.00")
    totals = books.company.seller.client.get(f"/payments/?{APRIL}").context["totals"]
    assert (totals.count, totals.net) == (1, Decimal("1000.00"))


def test_nothing_else_of_the_client_opens(handed_over: Books) -> None:
    books = handed_over
    seller = books.company.seller
    contact = Contact.all_rows.create(company=books.client, full_name="Petra Pohl", phone="+74955550123")
    pay(books, books.contract, "1200.00")
    browser = seller.client
    for path in (
        f"/companies/{books.client.pk}/",
        f"/contacts/{contact.pk}/edit/",
        f"/contracts/{books.contract.pk}/",
        f"/contracts/{Contract.all_rows.get(number='C-3').pk}/",
    ):
        assert browser.get(path).status_code == 404, path
    assert not Company.objects.visible_to(seller.user).filter(pk=books.client.pk).exists()
    assert not Contract.objects.visible_to(seller.user).exists()
    assert browser.get("/receivables/").context["total"] == 0


def test_the_page_shows_the_payment_and_leads_nowhere_that_is_closed(handed_over: Books) -> None:
    books = handed_over
    paid = pay(books, books.contract, "1200.00", note="Asks for a discount", reference="B-77")
    page = books.company.seller.client.get(f"/payments/{paid.pk}/")
    text = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert page.status_code == 200
    for shown in ("Nordwind", "C-1", "₽1,200.00", "₽1,000.00"):
        assert shown in text
    for hidden in (f"/companies/{books.client.pk}/", f"/contracts/{books.contract.pk}/", "Asks for a discount", "B-77"):
        assert hidden not in text
    holder = books.company.second_seller.client.get(f"/payments/{paid.pk}/").content.decode()
    for shown in (f"/companies/{books.client.pk}/", f"/contracts/{books.contract.pk}/", "Asks for a discount", "B-77"):
        assert shown in holder


def test_the_list_links_only_contracts_that_open(handed_over: Books) -> None:
    books = handed_over
    paid = pay(books, books.contract, "1200.00")
    link = f"/contracts/{books.contract.pk}/"
    mine = books.company.seller.client.get(f"/payments/?{APRIL}").content.decode()
    assert f"/payments/{paid.pk}/" in mine
    assert link not in mine
    assert link in books.company.second_seller.client.get(f"/payments/?{APRIL}").content.decode()


def test_rest_gives_the_same_payments(handed_over: Books) -> None:
    books = handed_over
    own = pay(books, books.contract, "1200.00")
    other = pay(books, Contract.all_rows.get(number="C-3"), "60.00")
    browser = books.company.seller.client
    assert [row["id"] for row in browser.get("/api/v1/payments/").json()["results"]] == [own.pk]
    assert browser.get(f"/api/v1/payments/{other.pk}/").status_code == 404


def test_a_head_follows_what_the_own_people_collect_and_sees_nothing_else_of_the_client(books: Books) -> None:
    people = books.company
    rival = people.rival_seller.employee
    hand_over_company(actor=None, company=books.client, employee=rival, kind="hunter", from_on=clock.today())
    signed = Contract.all_rows.create(
        number="C-3", company=books.client, seller=rival, signed_on=date(2026, 5, 5), amount=Decimal("300.00")
    )
    own = pay(books, books.contract, "1200.00", note="Asks for a discount", reference="B-77")
    later = pay(books, signed, "60.00")
    assert list(Payment.objects.visible_to(people.head.user)) == [own]
    assert set(Payment.objects.visible_to(people.rival_head.user)) == {own, later}
    browser = people.head.client
    totals = browser.get(f"/payments/?{APRIL}&seller={people.seller.employee.pk}").context["totals"]
    assert (totals.count, totals.net) == (1, Decimal("1000.00"))
    text = browser.get(f"/payments/{own.pk}/").content.decode()
    for path in (f"/companies/{books.client.pk}/", f"/contracts/{books.contract.pk}/", f"/payments/{later.pk}/"):
        assert browser.get(path).status_code == 404, path
        assert path not in text
    assert "B-77" not in text
    row = browser.get(f"/api/v1/payments/{own.pk}/").json()
    assert (row["reference"], row["note"], row["company"]) == ("", "", None)
    assert browser.get("/receivables/").context["total"] == 0


def test_a_colleague_of_the_former_seller_sees_none(handed_over: Books) -> None:
    books = handed_over
    pay(books, books.contract, "1200.00")
    for persona in (books.company.rival_seller, books.company.telesales, books.company.unassigned):
        assert not Payment.objects.visible_to(persona.user).exists()


def test_what_belongs_to_the_client_is_blank_in_the_list_and_over_rest(handed_over: Books) -> None:
    books = handed_over
    paid = pay(books, books.contract, "1200.00", note="Asks for a discount", reference="B-77")
    former, holder = books.company.seller.client, books.company.second_seller.client
    page = former.get(f"/payments/?{APRIL}").content.decode()
    assert "Nordwind" in page
    assert "B-77" not in page
    assert "B-77" in holder.get(f"/payments/?{APRIL}").content.decode()
    for row in (former.get(f"/api/v1/payments/{paid.pk}/").json(), former.get("/api/v1/payments/").json()["results"][0]):
        assert (row["reference"], row["note"], row["company"]) == ("", "", None)
        assert (row["contract_number"], row["amount"]) == ("C-1", "1200.00")
    row = holder.get(f"/api/v1/payments/{paid.pk}/").json()
    assert (row["reference"], row["note"], row["company"]) == ("B-77", "Asks for a discount", books.client.pk)


def test_a_reference_out_of_sight_is_not_found_by_trying(handed_over: Books) -> None:
    books = handed_over
    paid = pay(books, books.contract, "1200.00", reference="B-77")
    people = books.company
    for persona, is_found in ((people.seller, False), (people.second_seller, True), (people.accountant, True)):
        browser = persona.client
        assert ([row.pk for row in browser.get("/payments/?month=all&q=B-77").context["page"]] == [paid.pk]) is is_found
        for query in ("reference=B-77", f"company={books.client.pk}"):
            found = browser.get(f"/api/v1/payments/?{query}").json()["results"]
            assert [row["id"] for row in found] == ([paid.pk] if is_found else []), (persona, query)
    assert [row.pk for row in books.company.seller.client.get("/payments/?month=all&q=C-1").context["page"]] == [paid.pk]


def test_the_list_costs_the_same_however_long(handed_over: Books, django_assert_max_num_queries: Any) -> None:
    books = handed_over
    for number in range(12):
        pay(books, books.contract, "12.00", reference=f"B-{number}")
    browser = books.company.seller.client
    browser.get(f"/payments/?{APRIL}")
    with django_assert_max_num_queries(16):
        browser.get(f"/payments/?{APRIL}")
    with django_assert_max_num_queries(7):
        assert len(browser.get("/api/v1/payments/").json()["results"]) == 12
