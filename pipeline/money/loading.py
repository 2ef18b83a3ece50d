"""Many payments at once, as sets: copied into a staging table, checked there, inserted by two statements.

The import of files, the REST door for batches and made-up data all come this way.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.money.amounts import House, PaymentValues, figures_of, payment_issues
from pipeline.money.policies import can_record_payment
from pipeline.money.services import LOADING_LOCK, allow, taken_remedy, taken_text, the_house
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import InvalidInput, Issue

SQL = Path(__file__).parent / "sql"
COPY = "COPY payment_staging FROM STDIN"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One line: `values` as in the form, the contract's number, and for a refund the reference of the payment it gives back.

    `values.reference` is required: it is what makes a second load of the same line change nothing.
    """

    line: int
    contract: str
    values: PaymentValues
    refund_of: str = ""


@dataclass(frozen=True, slots=True)
class LineIssue:
    """What is wrong on one line."""

    line: int
    issue: Issue


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do.

    `rows` lines were read; `known` of them are recorded already or repeat another line; `wrong` have issues; the rest is `new`
    and brings `total_new` without VAT in the company's currency.
    """

    rows: int
    new: int
    known: int
    wrong: int
    total_new: Decimal
    issues: tuple[LineIssue, ...] = field(default=())


def check_payments(*, rows: Iterable[PaymentRow], found_before: Iterable[LineIssue] = ()) -> LoadReport:
    """Say what `load_payments` would do with all of the rows, and do nothing.

    Args:
        rows: In the order of the file.
        found_before: Issues of lines that could not even be read; they count as wrong. Looked at after the rows.

    Locks: none. Six SQL statements, however many rows.
    """
    with transaction.atomic():
        report = _stage_and_check(rows, found_before)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def load_payments(
    *,
    actor: User | None,
    rows: Iterable[PaymentRow],
    source: str,
    skip_wrong: bool = False,
    found_before: Iterable[LineIssue] = (),
) -> LoadReport:
    """Record many payments and refunds in one transaction; lines that are recorded already change nothing.

    Args:
        actor: None for the system's own jobs.
        rows: In the order of the file.
        source: One of `Payment.Source`.
        skip_wrong: Leave lines with issues out and record the others; else one wrong line means that nothing is recorded.
        found_before: Issues of lines that could not even be read; looked at after the rows.

    Returns:
        Counts, and the issues of the lines that were left out.

    Raises:
        NotAllowed: The actor's role does not record payments.
        InvalidInput: A line is wrong and `skip_wrong` is false; every issue of every line is in it.

    Locks: the loading of payments, alone, until the transaction ends; the contracts' rows for their sums. Eight SQL statements.
    """
    allow(actor, allowed=can_record_payment(actor), what=_("load payments"))
    lock_until_commit(LOADING_LOCK)
    report = _stage_and_check(rows, found_before)
    if report.issues and not skip_wrong:
        raise InvalidInput(*(_with_line(found) for found in report.issues))
    parameters = {"source": source, "actor": actor.pk if actor else None, "now": clock.now()}
    with connection.cursor() as cursor:
        for name in ("insert_payments", "insert_refunds"):
            cursor.execute(_sql(name), parameters)
        cursor.execute("DROP TABLE payment_staging")
    if report.new:
        after = {"rows": report.rows, "new": report.new, "known": report.known, "amount_without_vat": report.total_new}
        record(actor=actor, action="payments.loaded", after={**after, "source": source})
    return report


def _with_line(found: LineIssue) -> Issue:
    issue = found.issue
    return Issue(
        issue.code,
        _("Line %(line)s: %(problem)s") % {"line": found.line, "problem": _(issue.problem)},
        issue.field,
        issue.value,
        _(issue.remedy),
    )


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _stage_and_check(rows: Iterable[PaymentRow], found_before: Iterable[LineIssue]) -> LoadReport:
    """Fill the staging table, take the wrong lines out of it again, count what is left."""
    issues: list[LineIssue] = []
    with connection.cursor() as cursor:
        cursor.execute(_sql("stage_payments"))
        cursor.copy_expert(COPY, _Lines(_good_lines(rows, the_house(), issues)))
        issues += found_before
        cursor.execute("ANALYZE payment_staging")
        while faults := _faults():
            issues += faults
            cursor.execute("DELETE FROM payment_staging WHERE line = ANY(%s)", [[fault.line for fault in faults]])
        cursor.execute(_sql("count_payments"))
        good, known, total = cursor.fetchone()
    wrong = len({found.line for found in issues})
    ordered = tuple(sorted(issues, key=lambda found: (found.line, found.issue.field)))
    return LoadReport(good + wrong, good - known, known, wrong, Decimal(total), ordered)


def _good_lines(rows: Iterable[PaymentRow], house: House, issues: list[LineIssue]) -> Iterator[str]:
    """The rows that are right by themselves, in COPY's text format; the issues of the others are added to `issues`."""
    for row in rows:
        found = [LineIssue(row.line, issue) for issue in _row_issues(row, house)]
        if found:
            issues += found
        else:
            yield _staged(row, house)


def _row_issues(row: PaymentRow, house: House) -> Iterator[Issue]:
    if not row.values.reference:
        yield Issue(
            "no_reference", _("A line of a file needs its bank reference."), "reference", "", _("Write the document's number.")
        )
    if not row.refund_of and row.values.amount < 0:
        remedy = _("Write the reference of the payment that it gives back into refund_of.")
        yield Issue("refund_of_nothing", _("Money that went back needs its payment."), "refund_of", "", remedy)
        return
    yield from payment_issues(row.values, house, is_refund=bool(row.refund_of))


def _staged(row: PaymentRow, house: House) -> str:
    values = row.values
    figures = figures_of(values, house)
    reference, contract, refund_of, note = (
        text.translate(ESCAPES) for text in (values.reference, row.contract, row.refund_of, values.note[:300])
    )
    return (
        f"{row.line}\t{reference}\t{contract}\t{values.paid_on}\t{figures.amount}\t{figures.currency}\t{figures.currency_rate}\t"
        f"{figures.vat_rate}\t{figures.amount_without_vat}\t{refund_of}\t{note}\t"
        f"{bool(values.currency)}\t{values.currency_rate is not None}\t{values.vat_rate is not None}\n"
    )


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class _Lines(io.TextIOBase):
    """What COPY reads: pieces of a stream that is never in memory whole."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.rest = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        parts, length = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            length += len(line)
            if size is not None and 0 <= size <= length:
                break
        text = "".join(parts)
        cut = len(text) if size is None or size < 0 else size
        self.rest = text[cut:]
        return text[:cut]


def _faults() -> list[LineIssue]:
    with connection.cursor() as cursor:
        cursor.execute(_sql("check_payments"))
        return [LineIssue(line, _fault(field, value, code, was)) for line, field, value, code, was in cursor.fetchall()]


def _fault(field: str, value: str, code: str, was: str) -> Issue:
    if code == "reference_taken":
        return Issue(code, taken_text(was), field, value, taken_remedy())
    problem, remedy = {
        "reference_twice": (_("This reference stands on line %s with other content."), _("Give each payment its own reference.")),
        "unknown_contract": (_("No contract has this number."), _("Correct the number, or record the contract first.")),
        "unknown_payment": (_("No payment has this reference."), _("Write the reference of the payment that goes back.")),
        "refund_of_refund": (_("A refund cannot be given back."), _("Write the reference of the payment.")),
        "refund_contract": (_("The payment belongs to contract %s."), _("Write that contract.")),
        "refund_too_early": (_("The payment came later, on %s."), _("Correct the date.")),
        "refund_currency": (_("The payment was in %s."), _("Write its currency, or leave it empty.")),
        "refund_too_large": (_("Of the payment, only %s is left to give back."), _("Correct the amount.")),
    }[code]
    return Issue(code, problem % was if "%s" in problem else problem, field, value, remedy)
