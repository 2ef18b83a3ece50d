"""Files that are no such files: named fault, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Employee
from pipeline.models import Company, Deal, ImportBatch
from salesys.intake.services import import_sales_data
from salesys.kernel.errors import InvalidInput
from tests.intake.conftest import PIPELINE, add_line

pytestmark = pytest.mark.django_db


def faults(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        import_sales_data(actor=None, folder=folder)
    assert [table.all_rows.count() for table in (Company, Employee, Deal, ImportBatch, AuditEvent)] == [0] * 5
    assert all(issue.problem and issue.remedy for issue in caught.value.issues)
    return [(issue.code, issue.field, issue.value) for issue in caught.value.issues]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("B1,Ann Ash,GTX Pro,Acme,Won,13/20/2016,3/1/2017,10", ("not_a_date", "engage_date", "13/20/2016")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,2/29/2017,3/1/2017,10", ("not_a_date", "engage_date", "2/29/2017")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/0017,3/1/2017,10", ("not_a_date", "engage_date", "1/1/0017")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,ten", ("not_a_number", "close_value", "ten")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,NaN", ("out_of_range", "close_value", "NaN")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,1e99", ("out_of_range", "close_value", "1e99")),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,-5", ("negative", "close_value", "-5.00")),
        ("B1,Ann Ash,GTX Pro,Acme,Win,1/1/2017,3/1/2017,5", ("no_such_stage", "deal_stage", "Win")),
        (",Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,5", ("empty", "opportunity_id", "")),
    ],
)
def test_bad_value_names_file_line_and_column(folder: Path, line: str, fault: tuple[str, str, str]) -> None:
    add_line(folder, "sales_pipeline.csv", line)
    code, column, value = fault
    assert faults(folder) == [(code, f"sales_pipeline.csv:7:{column}", value)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Cyb,retail,19x6,1,1,Kenya,", ("not_a_number", "year_established", "19x6")),
        ("Cyb,retail,99999,1,1,Kenya,", ("not_a_number", "year_established", "99999")),
        ("Cyb,retail,1996,much,1,Kenya,", ("not_a_number", "revenue", "much")),
        ("Cyb,retail,1996,Infinity,1,Kenya,", ("not_a_number", "revenue", "Infinity")),
        ("Cyb,retail,1996,1,-3,Kenya,", ("not_a_number", "employees", "-3")),
        ("Cyb,retail,1996,1,²,Kenya,", ("not_a_number", "employees", "²")),
        ("Cyb," + "r" * 121 + ",1996,1,1,Kenya,", ("too_long", "sector", "r" * 40 + "…")),
        (",retail,1996,1,1,Kenya,", ("empty", "account", "")),
    ],
)
def test_bad_account_names_file_line_and_column(folder: Path, line: str, fault: tuple[str, str, str]) -> None:
    add_line(folder, "accounts.csv", line)
    code, column, value = fault
    assert faults(folder) == [(code, f"accounts.csv:4:{column}", value)]


def test_all_faults_of_a_file_are_told_at_once(folder: Path) -> None:
    add_line(folder, "sales_pipeline.csv", "B1,Ann Ash,GTX Pro,Acme,Win,1/1/2017,3/1/2017,5")
    add_line(folder, "sales_pipeline.csv", "B2,Ann Ash,GTX Pro,Acme,Won,x,3/1/2017,5")
    assert [field for _code, field, _value in faults(folder)] == [
        "sales_pipeline.csv:7:deal_stage",
        "sales_pipeline.csv:8:engage_date",
    ]


def test_missing_and_doubled_columns_are_named(folder: Path) -> None:
    text = PIPELINE.replace("close_value", "value").replace("product", "deal_stage")
    (folder / "sales_pipeline.csv").write_text(text, "utf-8")
    assert [(code, field) for code, field, _value in faults(folder)] == [
        ("missing_column", "sales_pipeline.csv:1:product"),
        ("missing_column", "sales_pipeline.csv:1:close_value"),
        ("doubled_column", "sales_pipeline.csv:1:deal_stage"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b"", "empty_file", "products.csv"),
        (b" \r\n\n", "empty_file", "products.csv"),
        (b"product,series,sales_price\n", "no_rows", "products.csv"),
        (b"product,series,sales_price\nGTX Pro,GTX\n", "wrong_width", "products.csv:2"),
        (b"product;series;sales_price\nGTX Pro;GTX;1\n", "missing_column", "products.csv:1:product"),
        (b"product,series,sales_price\nA,B,1\nGTX\0Pro,GTX,1\n", "nul_byte", "products.csv:3"),
        ("product,series,sales_price\nСтанок,GTX,1\n".encode("cp1251"), "wrong_encoding", "products.csv:2"),
        ("product,series,sales_price\nStanok,GTX,1\n".encode("utf-16"), "nul_byte", "products.csv:1"),
        (b'product,series,sales_price\n"GTX Pro,GTX,1\nB,GTX,1\n', "not_csv", "products.csv:2"),
        (b"product,series,sales_price\n" + b"G" * 200_000 + b",GTX,1\n", "not_csv", "products.csv:2"),
        (b"product,series,sales_price\n" + b"G" * 400 + b",GTX,1\n", "too_long", "products.csv:2:product"),
    ],
)
def test_unreadable_file_is_named(folder: Path, content: bytes, code: str, where: str) -> None:
    (folder / "products.csv").write_bytes(content)
    found = faults(folder)
    assert (found[0][0], found[0][1]) == (code, where)


def test_missing_file_and_folder_are_named(folder: Path) -> None:
    (folder / "accounts.csv").unlink()
    assert [(code, field) for code, field, _value in faults(folder)] == [("no_file", "accounts.csv")]
    assert faults(folder / "nowhere")[0][0] == "no_folder"


def test_command_ends_with_the_fault(folder: Path) -> None:
    add_line(folder, "sales_pipeline.csv", "B1,Ann Ash,GTX Pro,Acme,Won,x,3/1/2017,5")
    with pytest.raises(CommandError, match=r"sales_pipeline\.csv:7:engage_date='x': This is not a date\. Write it like"):
        call_command("import_sales_data", str(folder))
    assert Deal.all_rows.count() == 0


def test_byte_order_mark_and_windows_line_ends_are_read(folder: Path) -> None:
    (folder / "products.csv").write_bytes(
        b"\xef\xbb\xbfproduct,series,sales_price\r\nGTX Pro,GTX,4821\r\n\r\nMG Special,MG,55\r\n"
    )
    assert import_sales_data(actor=None, folder=folder).counts[0].created == 2
