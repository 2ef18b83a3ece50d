from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import Assignment
from pipeline.calling.models import Call
from pipeline.models import Company, Contract
from pipeline.money.models import Payment
from pipeline.money.queries import (
    Collected,
    collected_by_month,
    collections,
    expected_payments,
    first_payments,
    left_of,
    owed_by_age,
    totals_of,
    trail_of,
)
from pipeline.money.services import record_payment, record_refund
from pipeline.tasks.models import ResearchCard
from salesys.db import clock
from salesys.kernel.periods import DateSpan, Month
from tests.pipeline.money.conftest import Books

APRIL, MAY = Month(2026, 4), Month(2026, 5)
SPAN = DateSpan(APRIL.first, MAY.plus(1).first)


def pay(books: Books, contract: Contract, amount: str, on: date) -> Payment:
    return record_payment(actor=None, contract=contract, values=books.values(amount, paid_on=on)).payment


def test_collections_add_up_by_month_direction_and_seller(books: Books) -> None:
    Company.all_rows.filter(pk=books.client.pk).update(direction=books.company.retail)
    first = pay(books, books.contract, "1200.00", date(2026, 4, 6))
    pay(books, books.contract, "120.00", date(2026, 4, 30))
    pay(books, books.rival_contract, "240.00", date(2026, 5, 1))
    pay(books, books.contract, "999.00", date(2026, 6, 1))
    record_refund(actor=None, payment=first, values=books.values("-600.00", paid_on=date(2026, 5, 31)))
    retail, seller, rival = books.company.retail.pk, books.company.seller.employee.pk, books.company.rival_seller.employee.pk
    assert set(collections(SPAN)) == {
        Collected(APRIL, retail, seller, Decimal("1100.00"), 2),
        Collected(MAY, retail, seller, Decimal("-500.00"), 1),
        Collected(MAY, retail, rival, Decimal("200.00"), 1),
    }
    assert collected_by_month(SPAN) == {APRIL: Decimal("1100.00"), MAY: Decimal("-300.00")}


def test_client_without_a_direction_counts_where_its_seller_stood(books: Books) -> None:
    pay(books, books.contract, "120.00", date(2026, 4, 6))
    assert [row.direction_id for row in collections(SPAN)] == [books.company.machinery.pk]
    Assignment.all_rows.filter(employee=books.company.seller.employee).delete()
    assert [row.direction_id for row in collections(SPAN)] == [None]


def test_first_payment_of_each_client(books: Books) -> None:
    pay(books, books.contract, "120.00", date(2026, 5, 6))
    pay(books, books.contract, "120.00", date(2026, 4, 6))
    assert first_payments() == {books.client.pk: date(2026, 4, 6)}


def test_what_is_overdue_is_expected_in_the_first_month(books: Books) -> None:
    pay(books, books.contract, "1200.00", date(2026, 4, 6))
    Contract.all_rows.filter(pk=books.rival_contract.pk).update(due_on=date(2026, 6, 10))
    found = expected_payments(MAY, MAY.plus(1))
    assert [(row.month, row.employee_id, row.amount) for row in found] == [
        (MAY, books.company.seller.employee.pk, Decimal("4000.00")),
        (MAY.plus(1), books.company.rival_seller.employee.pk, Decimal("800.00")),
    ]
    assert [row.month for row in expected_payments(MAY, MAY)] == [MAY]


def test_owed_by_age_names_all_classes(books: Books) -> None:
    today = date(2026, 4, 2)
    Contract.all_rows.filter(pk=books.rival_contract.pk).update(due_on=None)
    assert [(row.code, row.count, row.amount) for row in owed_by_age(Contract.all_rows.all(), today)] == [
        ("overdue_90", 0, Decimal(0)),
        ("overdue_30", 0, Decimal(0)),
        ("overdue", 1, Decimal("5000.00")),
        ("soon", 0, Decimal(0)),
        ("later", 1, Decimal("800.00")),
    ]


def test_totals_keep_refunds_apart(books: Books) -> None:
    paid = pay(books, books.contract, "1200.00", date(2026, 4, 6))
    record_refund(actor=None, payment=paid, values=books.values("-240.00"))
    totals = totals_of(Payment.all_rows.all())
    assert (totals.count, totals.received, totals.refunded, totals.net) == (2, Decimal(1000), Decimal(-200), Decimal(800))
    assert left_of(paid) == Decimal("960.00")


def test_trail_shows_each_step_only_to_those_who_may_see_it(books: Books) -> None:
    day = books.contract.signed_on
    for deal in (books.deal, None):
        Call.all_rows.create(
            called_on=day,
            started_at=clock.now(),
            employee=books.company.telesales.employee,
            company=books.client,
            deal=deal,
            outcome="warm" if deal else "no_answer",
        )
    ResearchCard.all_rows.create(company=books.client, author=books.company.assistant.employee, brief="Ships", prepared_on=day)
    trail = trail_of(books.contract, books.company.seller.user)
    assert trail.deal == books.deal
    assert ([call.outcome for call in trail.calls], trail.calls_total, len(trail.cards)) == (["warm"], 1, 1)
    hidden = trail_of(books.contract, books.company.accountant.user)
    assert (hidden.deal, list(hidden.calls), hidden.calls_total) == (None, [], 0)
