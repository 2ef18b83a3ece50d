from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from pipeline.deals.models import Deal
from pipeline.money.models import Contract, Payment
from pipeline.money.services import record_payment
from tests.api.conftest import Caller, issues
from tests.pipeline.money.conftest import Books, won_deal

Calls = Callable[..., Caller]
PAYMENT = {"contract_number": "C-1", "paid_on": "2026-04-06", "amount": "120.00", "reference": "B-1"}


def test_payment_is_recorded_by_the_number_of_its_contract(books: Books, caller: Calls) -> None:
    response = caller(books.company.accountant).post("payments/", PAYMENT)
    payment = Payment.all_rows.get()
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/payments/{payment.pk}/"
    body = json.loads(response.content)
    wanted = {
        "contract": books.contract.pk,
        "amount": "120.00",
        "amount_without_vat": "100.00",
        "source": "rest",
        "currency": "RUB",
    }
    assert {name: body[name] for name in wanted} == wanted


def test_same_reference_with_a_new_key_is_the_same_payment(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    first, again = accountant.post("payments/", PAYMENT), accountant.post("payments/", PAYMENT)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert Payment.all_rows.count() == 1


def test_same_reference_with_other_content_is_a_conflict(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    accountant.post("payments/", PAYMENT)
    response = accountant.post("payments/", {**PAYMENT, "amount": "121.00"})
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert issues(response) == [("reference_taken", "amount", "121.00")]
    assert Payment.all_rows.count() == 1


def test_refund_names_its_payment(books: Books, caller: Calls) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values("120.00")).payment
    body = {"refund_of": paid.pk, "paid_on": "2026-04-07", "amount": "-20.00"}
    response = caller(books.company.accountant).post("payments/", body)
    assert response.status_code == 201
    refund = Payment.all_rows.get(refund_of=paid)
    assert (refund.amount, refund.contract_id) == (Decimal("-20.00"), books.contract.pk)


def test_wrong_fields_are_named_with_what_was_sent(books: Books, caller: Calls) -> None:
    body = {"contract_number": "C-9", "paid_on": "06/04/2026", "amount": "1.001", "colour": "red", "vat_rate": "2"}
    response = caller(books.company.accountant).post("payments/", body)
    assert response.status_code == 400
    assert ("unknown_field", "colour", "red") in issues(response)
    response = caller(books.company.accountant).post("payments/", {name: body[name] for name in body if name != "colour"})
    assert {(code, field, value) for code, field, value in issues(response)} == {
        ("invalid", "paid_on", "06/04/2026"),
        ("max_decimal_places", "amount", "1.001"),
        ("max_value", "vat_rate", "2"),
    }
    assert not Payment.all_rows.exists()


def test_unknown_contract_and_one_out_of_reach_look_the_same(books: Books, caller: Calls) -> None:
    for number in ("C-2", "C-9"):
        response = caller(books.company.seller).post("payments/", {**PAYMENT, "contract_number": number})
        assert response.status_code == 400
        assert issues(response) == [("does_not_exist", "contract_number", number)]
    assert not Payment.all_rows.exists()


def test_seller_reads_own_clients_payments_and_records_none(books: Books, caller: Calls) -> None:
    own = record_payment(actor=None, contract=books.contract, values=books.values()).payment
    other = record_payment(actor=None, contract=books.rival_contract, values=books.values("12.00")).payment
    seller = caller(books.company.seller)
    assert [row["id"] for row in json.loads(seller.get("payments/").content)["results"]] == [own.pk]
    assert seller.get(f"payments/{own.pk}/").status_code == 200
    assert seller.get(f"payments/{other.pk}/").status_code == 404
    assert seller.post("payments/", PAYMENT).status_code == 403
    assert Payment.all_rows.count() == 2


def test_payments_are_never_changed_or_deleted(books: Books, caller: Calls) -> None:
    paid = record_payment(actor=None, contract=books.contract, values=books.values()).payment
    accountant = caller(books.company.accountant)
    for method in ("patch", "put", "delete"):
        response = accountant.send(method, f"payments/{paid.pk}/", {"amount": "1.00"}, {"If-Match": "*"})
        assert response.status_code == 405
        assert response["Content-Type"] == "application/problem+json"
        assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert Payment.all_rows.get().amount == Decimal("1200.00")


def test_filters_narrow_the_list(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    record_payment(actor=None, contract=books.contract, values=books.values("12.00", reference="B-1"))
    record_payment(actor=None, contract=books.rival_contract, values=books.values("24.00", reference="B-2"))

    def found(query: str) -> list[str]:
        return [row["reference"] for row in json.loads(accountant.get(f"payments/?{query}").content)["results"]]

    assert found("") == ["B-2", "B-1"]
    assert found("reference=B-1") == ["B-1"]
    assert found(f"company={books.client.pk}") == ["B-1"]
    assert found(f"seller={books.company.rival_seller.employee.pk}") == ["B-2"]
    assert found("paid_from=2026-04-07") == []
    assert found("paid_before=2026-04-07&paid_from=2026-04-06") == ["B-2", "B-1"]
    assert found("is_refund=true") == []


def test_contract_is_signed_and_wins_the_deal(books: Books, caller: Calls) -> None:
    deal = won_deal(books.client, books.company.seller, books.product, "300.00")
    Deal.all_rows.filter(pk=deal.pk).update(status="open", closed_on=None, stage_id=1)
    body = {"deal": deal.pk, "signed_on": "2026-03-05", "amount": "300.00"}
    response = caller(books.company.seller).post("contracts/", body)
    assert response.status_code == 201
    contract = Contract.all_rows.get(deal=deal)
    assert contract.number == "2026-00001"
    deal.refresh_from_db()
    assert (deal.status, str(deal.closed_on)) == ("won", "2026-03-05")


def test_deal_out_of_reach_is_not_signed(books: Books, caller: Calls) -> None:
    body = {"deal": books.rival_contract.deal_id, "signed_on": "2026-03-05", "amount": "300.00"}
    response = caller(books.company.seller).post("contracts/", body)
    assert response.status_code == 400
    assert issues(response) == [("does_not_exist", "deal", str(books.rival_contract.deal_id))]
    assert Contract.all_rows.count() == 2
