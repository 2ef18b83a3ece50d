"""Files of payments: uploaded, checked whole, loaded in one transaction; large ones by a worker, with progress."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.money.files import Reading, error_lines, open_table
from pipeline.money.loading import LineIssue, LoadReport, PaymentRow, check_payments, load_payments
from pipeline.money.models import Payment, PaymentFile
from pipeline.money.policies import can_record_payment
from pipeline.money.services import allow
from salesys.db import clock
from salesys.kernel.errors import Conflict, Issue, invalid

LARGEST = 50 * 1024 * 1024
AT_ONCE = 256 * 1024
"""Files up to this size are checked and loaded while the person waits."""
STEP = 2000
STALE = timedelta(minutes=10)
Status = PaymentFile.Status


@transaction.atomic
def upload_payment_file(*, actor: User, name: str, content: bytes) -> PaymentFile:
    """Take a file in; a small one is checked at once, a large one waits for `check_payment_file`.

    Args:
        actor: Who uploads it.
        name: As on the person's machine.
        content: CSV with a header, in UTF-8, UTF-16 or Windows-1251.

    Raises:
        NotAllowed: The actor's role does not record payments.
        InvalidInput: The file is too large, is no CSV, or lacks a required column; nothing is kept.
    """
    allow(actor, allowed=can_record_payment(actor), what=_("load payments"))
    if len(content) > LARGEST:
        raise invalid("too_large", _("The file is larger than 50 MB."), field="file", value=name, remedy=_("Divide it."))
    table = open_table(content)
    mapping = {field: table.header[index] for field, index in table.columns.items()}
    row: PaymentFile = PaymentFile.all_rows.create(
        name=name[-200:], content=content, mapping=mapping, rows_total=table.text.count("\n"), uploaded_by=actor
    )
    record(actor=actor, action="payment_file.uploaded", obj=row, after={"name": row.name, "bytes": len(content)})
    if not is_large(row):
        check_payment_file(file=row)
    return row


def is_large(file: PaymentFile) -> bool:
    """Whether a worker takes it."""
    return len(file.content) > AT_ONCE


def check_payment_file(*, file: PaymentFile) -> LoadReport:
    """Go through all rows without recording anything, and keep what would happen; repeating it is harmless."""
    reading = _reading(file)
    report = check_payments(rows=_counted(file, reading.rows()), found_before=_late(reading))
    _keep(file, report, Status.CHECKED)
    return report


@transaction.atomic
def begin_loading(*, actor: User, file: PaymentFile) -> PaymentFile:
    """Say that the checked file is to be loaded; whoever comes second gets a conflict. Locks the file's row.

    Raises:
        NotAllowed: The actor's role does not record payments.
        Conflict: It is not checked, or loaded already.
        InvalidInput: Not one of its lines is new.
    """
    allow(actor, allowed=can_record_payment(actor), what=_("load payments"))
    row: PaymentFile = PaymentFile.all_rows.select_for_update().get(pk=file.pk)
    if row.status != Status.CHECKED:
        raise Conflict(Issue("not_checked", _("This file is not waiting to be loaded."), "file", row.name, _("Reload the page.")))
    if not row.rows_new:
        raise invalid(
            "nothing_new", _("No line of this file is new."), field="file", value=row.name, remedy=_("Nothing is left to do.")
        )
    row.status = Status.LOADING
    row.save(update_fields=["status"])
    return row


@transaction.atomic
def load_payment_file(*, actor: User | None, file: PaymentFile) -> LoadReport:
    """Record the lines without errors of a file that is `loading`; all of them or, when it fails, none.

    Lines that were right at the check may be wrong by now (somebody recorded the same reference): they are left out and
    listed. A file that was loaded meanwhile changes nothing. Locks the file's row and what `load_payments` locks.
    """
    row: PaymentFile = PaymentFile.all_rows.select_for_update().get(pk=file.pk)
    reading = _reading(row)
    report = load_payments(
        actor=actor, rows=_counted(row, reading.rows()), source=Payment.Source.CSV, skip_wrong=True, found_before=_late(reading)
    )
    if row.status == Status.LOADING:
        row.loaded_at = clock.now()
        _keep(row, report, Status.LOADED)
        after = {"new": report.new, "known": report.known, "wrong": report.wrong}
        record(actor=actor, action="payment_file.loaded", obj=row, after=after)
    return report


@transaction.atomic
def refuse_payment_file(*, file: PaymentFile, problem: str) -> PaymentFile:
    """Give up on a file that a worker cannot get through, so that nobody waits for it for ever; nothing of it is recorded.

    One that is done meanwhile stays as it is. Locks the file's row.
    """
    row: PaymentFile = PaymentFile.all_rows.select_for_update().get(pk=file.pk)
    if row.is_working:
        before, row.status = row.status, Status.REFUSED
        remedy = _("Nothing of it was recorded. Correct the file and upload it again, or show this to your administrator.")
        row.issues = [[0, "file_refused", problem, "file", row.name, remedy]]
        row.save(update_fields=["status", "issues"])
        record(actor=None, action="payment_file.refused", obj=row, before={"status": before}, after={"status": row.status})
    return row


def waiting_files() -> list[PaymentFile]:
    """Files that a worker should have finished: what a flushed broker or a killed worker left behind. 1 SQL statement."""
    return list(
        PaymentFile.all_rows.filter(status__in=[Status.CHECKING, Status.LOADING], uploaded_at__lt=clock.now() - STALE).defer(
            "content"
        )
    )


def progress_of(file: PaymentFile) -> int:
    """Lines gone through so far, of `rows_total`."""
    return int(caches["convenience"].get(_progress_key(file), file.rows_done) or 0)


def error_file(file: PaymentFile) -> Iterator[str]:
    """The lines with errors as CSV, to be corrected and uploaded again."""
    table = open_table(bytes(file.content))
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=table.delimiter)
    yield "\ufeff"
    for cells in error_lines(table, issues_of(file)):
        writer.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def issues_of(file: PaymentFile) -> list[LineIssue]:
    """What is wrong in the file, line after line."""
    return [LineIssue(line, Issue(*parts)) for line, *parts in file.issues]


def _keep(file: PaymentFile, report: LoadReport, status: str) -> None:
    file.status, file.rows_total, file.rows_done = status, report.rows, report.rows
    file.rows_new, file.rows_known, file.rows_wrong = report.new, report.known, report.wrong
    file.total_new = report.total_new
    file.issues = [
        [found.line, found.issue.code, found.issue.problem, found.issue.field, found.issue.value, found.issue.remedy]
        for found in report.issues
    ]
    file.save()


def _reading(file: PaymentFile) -> Reading:
    return Reading(open_table(bytes(file.content)))


def _late(reading: Reading) -> Iterable[LineIssue]:
    """The reading's issues, looked at only after its rows have been read."""
    return (found for found in reading.issues)


def _counted(file: PaymentFile, rows: Iterator[PaymentRow]) -> Iterator[PaymentRow]:
    """The rows, with the count kept where pages can see it while the transaction runs."""
    for count, row in enumerate(rows):
        if count % STEP == 0:
            caches["convenience"].set(_progress_key(file), count, timeout=3600)
        yield row


def _progress_key(file: PaymentFile) -> str:
    return f"payment_file:{file.pk}"


def in_language_of(user: Any) -> Any:
    """Issues are kept as sentences: write them in the language of who will read them."""
    return translation.override(getattr(user, "language", None) or translation.get_language() or "en")
