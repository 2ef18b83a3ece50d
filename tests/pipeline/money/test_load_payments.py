from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.access.models import AuditEvent
from pipeline.money.amounts import PaymentValues
from pipeline.money.loading import LoadReport, PaymentRow, check_payments, load_payments
from pipeline.money.models import Payment
from pipeline.money.services import record_payment, record_refund
from salesys.kernel.errors import InvalidInput, NotAllowed, SalesysError
from tests.pipeline.money.conftest import Books

DAY = date(2026, 4, 6)


def row(
    line: int, reference: str, amount: str, *, contract: str = "C-1", refund_of: str = "", on: date = DAY, **more: object
) -> PaymentRow:
    values = PaymentValues(paid_on=on, amount=Decimal(amount), reference=reference, **more)  # type: ignore[arg-type]
    return PaymentRow(line, contract, values, refund_of)


def load(*rows: PaymentRow, skip_wrong: bool = False) -> LoadReport:
    return load_payments(actor=None, rows=rows, source="csv", skip_wrong=skip_wrong)


def found(report: LoadReport) -> list[tuple[int, str, str, str]]:
    return [(each.line, each.issue.code, each.issue.field, each.issue.value) for each in report.issues]


def test_rows_are_recorded_with_their_refunds(books: Books) -> None:
    report = load(
        row(2, "B-1", "1200.00"),
        row(3, "B-2", "100.00", contract="C-2", currency="USD", currency_rate=Decimal(90)),
        row(4, "R-1", "-33.33", contract="C-2", refund_of="B-2"),
    )
    assert (report.rows, report.new, report.known, report.wrong) == (3, 3, 0, 0)
    rows = Payment.all_rows.order_by("pk").values_list(
        "reference", "company_id", "amount", "currency", "amount_without_vat", "source"
    )
    rival = books.rival_contract.company_id
    assert list(rows) == [
        ("B-1", books.client.pk, Decimal("1200.00"), "RUB", Decimal("1000.00"), "csv"),
        ("B-2", rival, Decimal("100.00"), "USD", Decimal("7500.00"), "csv"),
        ("R-1", rival, Decimal("-33.33"), "USD", Decimal("-2499.75"), "csv"),
    ]
    assert Payment.all_rows.get(reference="R-1").refund_of_id == Payment.all_rows.get(reference="B-2").pk
    books.rival_contract.refresh_from_db()
    assert books.rival_contract.paid_amount == Decimal("5000.25")


def test_loading_twice_changes_nothing(books: Books) -> None:
    rows = (row(2, "B-1", "1200.00"), row(3, "R-1", "-200.00", refund_of="B-1"))
    load(*rows)
    before = list(Payment.all_rows.values())
    again = load(*rows)
    assert (again.new, again.known, again.total_new) == (0, 2, Decimal(0))
    assert list(Payment.all_rows.values()) == before
    assert AuditEvent.all_rows.filter(action="payments.loaded").count() == 1


def test_one_wrong_line_means_that_nothing_is_recorded(books: Books) -> None:
    with pytest.raises(InvalidInput, match="Line 3") as error:
        load(row(2, "B-1", "1200.00"), row(3, "B-2", "1.00", contract="C-9"))
    assert [(issue.code, issue.field, issue.value) for issue in error.value.issues] == [("unknown_contract", "contract", "C-9")]
    assert not Payment.all_rows.exists()
    assert not AuditEvent.all_rows.exists()


def test_wrong_lines_can_be_left_out(books: Books) -> None:
    report = load(
        row(2, "B-1", "100.00"),
        row(3, "B-1", "101.00"),
        row(4, "", "5.00"),
        row(5, "B-5", "5.00", contract="nobody"),
        row(6, "R-5", "-5.00", refund_of="B-5", contract="nobody"),
        row(7, "R-6", "-5.00"),
        row(8, "R-7", "-5.00", refund_of="B-1", contract="C-2"),
        row(9, "R-8", "-60.00", refund_of="B-1"),
        row(10, "R-9", "-60.00", refund_of="B-1"),
        row(11, "R-10", "-1.00", refund_of="B-1", on=DAY - timedelta(days=1)),
        row(12, "R-11", "-1.00", refund_of="B-1", currency="EUR"),
        row(13, "B-9", "0.00"),
        row(14, "B-1", "100.00"),
        skip_wrong=True,
    )
    assert found(report) == [
        (3, "reference_twice", "reference", "B-1"),
        (4, "no_reference", "reference", ""),
        (5, "unknown_contract", "contract", "nobody"),
        (6, "unknown_contract", "contract", "nobody"),
        (7, "refund_of_nothing", "refund_of", ""),
        (8, "refund_contract", "contract", "C-2"),
        (10, "refund_too_large", "amount", "-60.00"),
        (11, "refund_too_early", "paid_on", "2026-04-05"),
        (12, "refund_currency", "currency", "EUR"),
        (13, "not_positive", "amount", "0.00"),
    ]
    assert all(each.issue.problem and each.issue.remedy for each in report.issues)
    assert (report.rows, report.new, report.known, report.wrong) == (13, 2, 1, 10)
    assert list(Payment.all_rows.order_by("pk").values_list("reference", flat=True)) == ["B-1", "R-8"]


def test_other_content_under_a_recorded_reference_is_named_field_by_field(books: Books) -> None:
    load(row(2, "B-1", "100.00"))
    report = check_payments(
        rows=[row(2, "B-1", "100.50", contract="C-2", on=DAY + timedelta(days=1), currency="EUR", currency_rate=Decimal(99))]
    )
    assert [each.issue.field for each in report.issues] == ["amount", "contract", "currency", "currency_rate", "paid_on"]
    assert "100.00" in report.issues[0].issue.problem


def test_check_records_nothing_and_says_what_a_load_would_do(books: Books) -> None:
    report = check_payments(rows=[row(2, "B-1", "1200.00"), row(3, "B-2", "-1.00")])
    assert (report.rows, report.new, report.wrong, report.total_new) == (2, 1, 1, Decimal("1000.00"))
    assert not Payment.all_rows.exists()


def test_texts_with_tabs_backslashes_and_line_ends_arrive_whole(books: Books) -> None:
    note = "a\tb\\c\nd\re \\N ё"
    load(row(2, "B\\1", "1.00", note=note))
    assert Payment.all_rows.get().note == note
    assert Payment.all_rows.get().reference == "B\\1"


def test_seller_loads_nothing(books: Books) -> None:
    with pytest.raises(NotAllowed):
        load_payments(actor=books.company.seller.user, rows=[row(2, "B-1", "1.00")], source="csv")
    assert not Payment.all_rows.exists()


def random_rows(chance: random.Random) -> list[PaymentRow]:
    rows: list[PaymentRow] = []
    for line in range(2, 62):
        on = DAY + timedelta(days=line)
        if rows and chance.random() < 0.4:
            of = chance.choice(rows)
            rows.append(
                row(
                    line,
                    f"R-{line}",
                    f"-{chance.randint(1, 60_000) / 100:.2f}",
                    contract=of.contract,
                    refund_of=of.values.reference,
                    on=on,
                )
            )
            continue
        more: dict[str, Any] = {"vat_rate": Decimal(chance.choice(["0", "0.1", "0.2"]))}
        if chance.random() < 0.5:
            more |= {"currency": "USD", "currency_rate": Decimal(chance.randint(1, 200_000_000)) / 1_000_000}
        rows.append(
            row(
                line, f"B-{line}", f"{chance.randint(1, 90_000) / 100:.2f}", contract=chance.choice(["C-1", "C-2"]), on=on, **more
            )
        )
    return rows


def one_by_one(rows: list[PaymentRow], books: Books) -> None:
    """The oracle: the service for single payments, line after line; what it refuses is left out."""
    contracts = {contract.number: contract for contract in (books.contract, books.rival_contract)}
    for each in rows:
        try:
            if each.refund_of:
                original = Payment.all_rows.filter(reference=each.refund_of).first()
                if original is not None:
                    record_refund(actor=None, payment=original, values=each.values, source="csv")
            else:
                record_payment(actor=None, contract=contracts[each.contract], values=each.values, source="csv")
        except SalesysError:
            continue


def written() -> list[tuple[object, ...]]:
    return list(
        Payment.all_rows.order_by("reference").values_list(
            "reference",
            "contract_id",
            "refund_of__reference",
            "paid_on",
            "amount",
            "currency",
            "currency_rate",
            "vat_rate",
            "amount_without_vat",
        )
    )


@pytest.mark.parametrize("seed", range(5))
def test_set_based_load_writes_what_single_payments_write(books: Books, seed: int) -> None:
    rows = random_rows(random.Random(seed))
    with transaction.atomic():
        one_by_one(rows, books)
        expected = written()
        kept = {reference for reference, *_rest in expected}
        transaction.set_rollback(True)
    load(*(each for each in rows if each.values.reference in kept))
    assert written() == expected
    assert len(expected) > 30


@pytest.mark.parametrize("seed", range(2))
def test_a_load_says_the_sum_that_it_records(books: Books, seed: int) -> None:
    """Refunds count at the rate and with the VAT of their payment, though their lines say neither."""
    rows = random_rows(random.Random(seed))
    with transaction.atomic():
        one_by_one(rows, books)
        kept = {reference for reference, *_rest in written()}
        transaction.set_rollback(True)
    rows = [each for each in rows if each.values.reference in kept]
    half = load(*rows[: len(rows) // 2])
    asked = check_payments(rows=rows)
    rest = load(*rows)
    assert asked == rest
    assert (half.new, rest.known, half.new + rest.new) == (rest.known, half.new, len(rows))
    assert half.total_new + rest.total_new == sum(row.amount_without_vat for row in Payment.all_rows.all())
