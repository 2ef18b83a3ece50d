from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access.models import AuditEvent
from pipeline.money.amounts import PaymentValues
from pipeline.money.models import Payment
from pipeline.money.services import record_payment
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.personas import make_company
from tests.pipeline.money.conftest import Books


def fields(error: pytest.ExceptionInfo[InvalidInput] | pytest.ExceptionInfo[Conflict]) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.field, issue.value) for issue in error.value.issues]


def test_payment_is_recorded_without_vat_and_audited(books: Books) -> None:
    actor = books.company.accountant.user
    recorded = record_payment(actor=actor, contract=books.contract, values=books.values("1200.00", reference="B-1"))
    payment = recorded.payment
    assert recorded.is_new
    assert (payment.amount, payment.currency, payment.currency_rate) == (Decimal("1200.00"), "RUB", Decimal(1))
    assert (payment.vat_rate, payment.amount_without_vat) == (Decimal("0.200000"), Decimal("1000.00"))
    assert (payment.company_id, payment.source) == (books.client.pk, "form")
    event = AuditEvent.all_rows.get()
    assert (event.action, event.actor_id, event.object_id) == ("payment.recorded", actor.pk, payment.pk)
    assert event.changes["amount"] == [None, "1200.00"]


def test_payment_in_another_currency_is_converted_before_vat_is_taken_out(books: Books) -> None:
    values = books.values("100.00", currency="eur", currency_rate=Decimal("92.5031"), vat_rate=Decimal(0))
    payment = record_payment(actor=None, contract=books.contract, values=values).payment
    assert (payment.currency, payment.amount_without_vat) == ("EUR", Decimal("9250.31"))
    assert payment.amount_in_company_currency == Decimal("9250.31")


def test_same_reference_with_same_content_is_the_same_payment(books: Books) -> None:
    first = record_payment(actor=None, contract=books.contract, values=books.values(reference="B-1")).payment
    again = record_payment(actor=None, contract=books.contract, values=books.values(reference=" B-1 ", note="again"))
    assert (again.payment.pk, again.is_new) == (first.pk, False)
    assert Payment.all_rows.count() == 1
    assert AuditEvent.all_rows.count() == 1


def test_same_reference_with_other_content_is_a_conflict_that_names_the_fields(books: Books) -> None:
    record_payment(actor=None, contract=books.contract, values=books.values(reference="B-1"))
    other = books.values("1300.00", reference="B-1", paid_on=date(2026, 4, 7))
    with pytest.raises(Conflict) as error:
        record_payment(actor=None, contract=books.rival_contract, values=other)
    assert fields(error) == [
        ("reference_taken", "contract", "C-2"),
        ("reference_taken", "paid_on", "2026-04-07"),
        ("reference_taken", "amount", "1300.00"),
    ]
    assert Payment.all_rows.count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"amount": Decimal(0)}, "not_positive", "amount"),
        ({"amount": Decimal("-5.00")}, "not_positive", "amount"),
        ({"amount": Decimal("0.001")}, "too_precise", "amount"),
        ({"amount": Decimal("NaN")}, "out_of_range", "amount"),
        ({"amount": Decimal("1e30")}, "out_of_range", "amount"),
        ({"amount": Decimal("1e9999999")}, "out_of_range", "amount"),
        ({"currency": "EUR"}, "no_rate", "currency_rate"),
        ({"currency": "EUR", "currency_rate": Decimal(0)}, "rate_out_of_range", "currency_rate"),
        ({"currency": "EUR", "currency_rate": Decimal("NaN")}, "rate_out_of_range", "currency_rate"),
        ({"currency": "RUB", "currency_rate": Decimal(2)}, "rate_of_own_currency", "currency_rate"),
        ({"currency": "euros"}, "not_a_currency", "currency"),
        ({"vat_rate": Decimal("1.0")}, "not_a_share", "vat_rate"),
        ({"vat_rate": Decimal("-0.1")}, "not_a_share", "vat_rate"),
        ({"reference": "x" * 81}, "too_long", "reference"),
        ({"note": "a\x00b"}, "bad_character", "note"),
        ({"paid_on": date(1026, 4, 6)}, "too_long_ago", "paid_on"),
    ],
)
def test_wrong_values_are_named_and_nothing_is_written(books: Books, changes: dict[str, object], code: str, field: str) -> None:
    values = PaymentValues(**{"paid_on": date(2026, 4, 6), "amount": Decimal("10.00"), **changes})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as error:
        record_payment(actor=None, contract=books.contract, values=values)
    assert (code, field) in [(issue.code, issue.field) for issue in error.value.issues]
    assert all(issue.problem and issue.remedy for issue in error.value.issues)
    assert not Payment.all_rows.exists()


def test_payment_of_tomorrow_is_refused(books: Books) -> None:
    with pytest.raises(InvalidInput) as error:
        record_payment(actor=None, contract=books.contract, values=books.values(paid_on=clock.today() + timedelta(days=1)))
    assert [issue.code for issue in error.value.issues] == ["in_the_future"]


@pytest.mark.parametrize("name", ["seller", "head", "telesales", "administrator", "base_manager"])
def test_only_bookkeepers_record_payments(books: Books, name: str) -> None:
    with pytest.raises(NotAllowed):
        record_payment(actor=getattr(books.company, name).user, contract=books.contract, values=books.values())
    assert not Payment.all_rows.exists()


@pytest.mark.parametrize(
    "change", ["SET amount = 1", "SET paid_on = '2026-01-01'", "SET contract_id = contract_id + 1", "SET company_id = 0"]
)
def test_database_refuses_to_change_a_payment(books: Books, change: str) -> None:
    payment = record_payment(actor=None, contract=books.contract, values=books.values()).payment
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE pipeline_payment {change}")
    assert Payment.all_rows.get().amount == payment.amount


def test_database_refuses_to_delete_a_payment_and_lets_a_note_be_corrected(books: Books) -> None:
    payment = record_payment(actor=None, contract=books.contract, values=books.values()).payment
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Payment.all_rows.all().delete()
    Payment.all_rows.filter(pk=payment.pk).update(note="advance")
    assert Payment.all_rows.get().note == "advance"


def test_contract_knows_what_has_been_paid_on_it(books: Books) -> None:
    for amount in ("1200.00", "600.00"):
        record_payment(actor=None, contract=books.contract, values=books.values(amount))
    books.contract.refresh_from_db()
    books.rival_contract.refresh_from_db()
    assert (books.contract.paid_amount, books.contract.balance) == (Decimal("1500.00"), Decimal("3500.00"))
    assert books.rival_contract.paid_amount == Decimal("0.00")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_reference_record_one_payment() -> None:
    from pipeline.deals.models import Product
    from tests.pipeline.money.conftest import client_of, contract_of, won_deal

    company = make_company()
    product = Product.all_rows.create(name="Lathe", list_price=Decimal(1))
    contract = contract_of(
        won_deal(client_of(company.seller, "Nordwind", company), company.seller, product, "1.00"), "C-1", "1.00"
    )
    values = PaymentValues(paid_on=date(2026, 4, 6), amount=Decimal("10.00"), reference="B-1")
    start, results = threading.Barrier(4, timeout=60), []

    def pay() -> None:
        start.wait()
        results.append(record_payment(actor=None, contract=contract, values=values).is_new)
        connection.close()

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert Payment.all_rows.count() == 1
