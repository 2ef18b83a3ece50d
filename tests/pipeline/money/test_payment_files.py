from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerAway

from accounts.access.models import AuditEvent
from pipeline.money import tasks, uploads
from pipeline.money.files import Reading, open_table
from pipeline.money.models import Payment, PaymentFile
from pipeline.money.tasks import resume_payment_files, work_on_payment_file
from pipeline.money.uploads import begin_loading, error_file, load_payment_file, upload_payment_file
from salesys.db import clock
from salesys.db.runs import Run
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.pipeline.money.conftest import Books

GOOD = "reference,contract,paid_on,amount,vat_rate\nB-1,C-1,2026-04-06,120.00,20\nB-2,C-2,2026-04-07,24.00,0.2\n"
MIXED = (
    "Номер документа;Договор;Дата;Сумма;Комментарий\n"
    "B-1;C-1;06.04.2026;1 200,00;аванс\n"
    "\n"
    "B-2;C-9;06.04.2026;10,00;\n"
    "B-3;C-1;31.02.2026;abc;\n"
    ";C-1;06.04.2026;5,00;\n"
    "B-5;C-1\n"
)


def upload(books: Books, text: str | bytes, name: str = "april.csv") -> PaymentFile:
    content = text.encode() if isinstance(text, str) else text
    return upload_payment_file(actor=books.company.accountant.user, name=name, content=content)


def load(books: Books, file: PaymentFile) -> PaymentFile:
    begin_loading(actor=books.company.accountant.user, file=file)
    load_payment_file(actor=books.company.accountant.user, file=file)
    file.refresh_from_db()
    return file


def test_file_is_checked_and_nothing_recorded(books: Books) -> None:
    file = upload(books, GOOD)
    assert (file.status, file.rows_total, file.rows_new, file.rows_wrong) == ("checked", 2, 2, 0)
    assert file.total_new == Decimal("120.00")
    assert not Payment.all_rows.exists()


def test_checked_file_is_recorded_once(books: Books) -> None:
    file = load(books, upload(books, GOOD))
    assert (file.status, file.rows_new) == ("loaded", 2)
    assert sorted(Payment.all_rows.values_list("reference", "amount_without_vat", "source")) == [
        ("B-1", Decimal("100.00"), "csv"),
        ("B-2", Decimal("20.00"), "csv"),
    ]
    with pytest.raises(Conflict):
        begin_loading(actor=books.company.accountant.user, file=file)
    again = upload(books, GOOD)
    assert (again.rows_new, again.rows_known) == (0, 2)
    with pytest.raises(InvalidInput, match="No line of this file is new"):
        begin_loading(actor=books.company.accountant.user, file=again)
    assert Payment.all_rows.count() == 2


def test_wrong_lines_are_named_and_the_others_can_be_recorded(books: Books) -> None:
    file = upload(books, MIXED.encode("cp1251"))
    found = [(each.line, each.issue.code, each.issue.field, each.issue.value) for each in uploads.issues_of(file)]
    assert found == [
        (4, "unknown_contract", "contract", "C-9"),
        (5, "not_a_number", "amount", "abc"),
        (5, "not_a_date", "paid_on", "31.02.2026"),
        (6, "required", "reference", ""),
        (7, "too_few_cells", "line", "B-5;C-1"),
    ]
    file = load(books, file)
    assert (file.rows_new, file.rows_wrong) == (1, 4)
    payment = Payment.all_rows.get()
    assert (payment.reference, payment.amount, payment.note) == ("B-1", Decimal("1200.00"), "аванс")


def test_error_file_can_be_corrected_and_loaded_again(books: Books) -> None:
    file = load(books, upload(books, MIXED))
    text = "".join(error_file(file)).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][:5] == ["line", "field", "value", "problem", "remedy"]
    assert rows[0][5:] == ["Номер документа", "Договор", "Дата", "Сумма", "Комментарий"]
    assert [row[0] for row in rows[1:]] == ["4", "5", "6", "7"]
    assert rows[2][1:3] == ["amount | paid_on", "abc | 31.02.2026"]
    corrected = text.replace("C-9", "C-2").replace("31.02.2026;abc", "28.02.2026;3,00")
    again = upload(books, corrected)
    assert (again.rows_new, again.rows_wrong) == (2, 2)
    load(books, again)
    assert list(Payment.all_rows.order_by("reference").values_list("reference", flat=True)) == ["B-1", "B-2", "B-3"]


RUN = ("=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "'=1")


@pytest.mark.parametrize("note", RUN)
def test_cells_that_a_spreadsheet_would_run_are_made_harmless_and_read_back_as_they_were(books: Books, note: str) -> None:
    content = io.StringIO()
    csv.writer(content).writerows(
        [["reference", "contract", "paid_on", "amount", "note"], [note, "=C", "2026-04-06", "-1.00", note]]
    )
    file = upload(books, content.getvalue())
    corrected = "".join(error_file(file))
    (row,) = list(csv.reader(io.StringIO(corrected.removeprefix("\ufeff"), newline="")))[1:]
    assert row[5:] == [f"'{note}", "'=C", "2026-04-06", "-1.00", f"'{note}"]
    ((_line, cells),) = open_table(corrected.encode()).lines()
    assert list(cells)[5:] == [note, "=C", "2026-04-06", "-1.00", note]


@pytest.mark.parametrize(
    ("header", "line", "field"),
    [
        ("amount", "1e9999999", "amount"),
        ("amount,vat", "1.00,9e9999999", "vat_rate"),
        ("amount,currency,rate", "1.00,EUR,9e9999999", "currency_rate"),
        ("amount,currency,rate", "9999999999999999,EUR,999999", "amount"),
    ],
)
def test_numbers_beyond_anything_are_named(books: Books, header: str, line: str, field: str) -> None:
    file = upload(books, f"reference,contract,paid on,{header}\nB1,C-1,2026-04-06,{line}\n")
    assert [found.issue.field for found in uploads.issues_of(file)] == [field]
    assert (file.status, file.rows_new, file.rows_wrong) == ("checked", 0, 1)


@pytest.mark.parametrize(("error", "status"), [(KeyError("new"), "refused"), (OperationalError("gone"), "checking")])
def test_a_worker_gives_up_on_what_it_cannot_foresee_and_tries_again_when_the_database_was_away(
    books: Books, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    file = upload(books, GOOD)

    def fail(**_values: object) -> None:
        raise error

    monkeypatch.setattr(tasks, "check_payment_file", fail)
    with pytest.raises(type(error)):
        work_on_payment_file(file.pk)
    file.refresh_from_db()
    assert file.status == status
    assert not Payment.all_rows.exists()
    page = books.company.accountant.client.get(f"/payments/files/{file.pk}/").content.decode()
    assert ("Nothing of it was recorded." in page) is (status == "refused")
    PaymentFile.all_rows.filter(pk=file.pk).update(uploaded_at=clock.now() - 2 * uploads.STALE)
    assert [each.pk for each in uploads.waiting_files()] == ([] if status == "refused" else [file.pk])


def test_a_file_of_who_may_not_load_any_more_is_refused_with_the_reason(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    file = upload(books, GOOD)
    work_on_payment_file(file.pk)
    begin_loading(actor=books.company.accountant.user, file=file)
    PaymentFile.all_rows.filter(pk=file.pk).update(uploaded_by=books.company.seller.user)
    work_on_payment_file(file.pk)
    file.refresh_from_db()
    assert (file.status, Payment.all_rows.count()) == ("refused", 0)
    assert "Your role may not do this" in uploads.issues_of(file)[0].issue.problem


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x00\x01\x02", "not_text"),
        (b"contract,paid_on\nC-1,2026-04-06\n", "missing_column"),
        (b'"reference,contract\n', "broken_csv"),
        (b"reference,contract,paid_on,amount\n\r\n \n", "no_rows"),
        (b"reference,contract,paid_on,amount", "no_rows"),
    ],
)
def test_what_is_no_file_of_payments_is_refused_whole(books: Books, content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        upload(books, content)
    assert code in [issue.code for issue in error.value.issues]
    assert not PaymentFile.all_rows.exists()
    assert not AuditEvent.all_rows.exists()


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(InvalidInput) as error:
        open_table(b"contract;purpose\nC-1;x\n")
    assert [issue.field for issue in error.value.issues] == ["reference", "paid_on", "amount"]


def test_lines_before_a_broken_quote_are_read() -> None:
    reading = Reading(open_table(b'reference,contract,paid_on,amount\nB-1,C-1,2026-04-06,1.00\nB-2,"C-1,2026-04-06,1.00\n'))
    assert [row.values.reference for row in reading.rows()] == ["B-1"]
    assert [(found.line, found.issue.code) for found in reading.issues] == [(3, "broken_csv")]


def test_shares_are_read_in_percent_too() -> None:
    text = "reference,contract,paid_on,amount,vat\n" + "".join(
        f"B,C-1,2026-04-06,1.00,{vat}\n" for vat in ("20", "20 %", "0.2", "0")
    )
    rates = [row.values.vat_rate for row in Reading(open_table(text.encode())).rows()]
    assert rates == [Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), Decimal(0)]


def test_seller_uploads_nothing(books: Books) -> None:
    with pytest.raises(NotAllowed):
        upload_payment_file(actor=books.company.seller.user, name="x.csv", content=GOOD.encode())
    assert not PaymentFile.all_rows.exists()


def test_large_file_is_left_to_a_worker_that_does_it_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    file = upload(books, GOOD)
    assert file.status == "checking"
    work_on_payment_file(file.pk)
    file.refresh_from_db()
    assert (file.status, file.rows_new) == ("checked", 2)
    begin_loading(actor=books.company.accountant.user, file=file)
    for _delivery in range(2):
        work_on_payment_file(file.pk)
    file.refresh_from_db()
    assert (file.status, Payment.all_rows.count()) == ("loaded", 2)
    assert sorted(Run.all_rows.values_list("job", "status")) == [("check_payment_file", "done"), ("load_payment_file", "done")]


def test_file_that_was_left_lying_is_taken_up_again(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    sent: list[int] = []
    monkeypatch.setattr(work_on_payment_file, "delay", sent.append)
    file = upload(books, GOOD)
    resume_payment_files()
    assert sent == []
    PaymentFile.all_rows.filter(pk=file.pk).update(uploaded_at=clock.now() - 2 * uploads.STALE)
    resume_payment_files()
    assert sent == [file.pk]


def test_file_goes_through_the_pages(books: Books) -> None:
    browser = books.company.accountant.client
    response = browser.post("/payments/files/", {"file": SimpleUploadedFile("april.csv", MIXED.encode())})
    file = PaymentFile.all_rows.get()
    assert response["Location"] == f"/payments/files/{file.pk}/"
    page = browser.get(response["Location"]).content.decode()
    assert "This is not an amount." in page
    assert browser.post(f"/payments/files/{file.pk}/load/").status_code == 302
    assert Payment.all_rows.count() == 1
    errors = browser.get(f"/payments/files/{file.pk}/errors.csv")
    assert errors["Content-Disposition"] == 'attachment; filename="april-errors.csv"'
    assert b"C-9" in b"".join(errors.streaming_content)  # type: ignore[attr-defined]


def test_file_that_is_refused_keeps_the_form(books: Books) -> None:
    response = books.company.accountant.client.post("/payments/files/", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    assert response.status_code == 400
    assert "The file has no column for this" in response.content.decode()
    assert not PaymentFile.all_rows.exists()


def test_a_large_file_is_taken_in_where_the_broker_is_away(
    books: Books, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(file_id: int) -> None:
        raise BrokerAway("Connection refused")

    monkeypatch.setattr(work_on_payment_file, "delay", refuse)
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    sent = SimpleUploadedFile("bank.csv", b"reference,contract,paid_on,amount\nB-1,C-1,2026-04-06,1.00\n")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        response = books.company.accountant.client.post("/payments/files/", {"file": sent})
    file = PaymentFile.all_rows.get()
    assert (len(callbacks), response.status_code, file.status) == (1, 302, "checking")
