"""A load that is repeated, resumed or overlaps with another changes nothing that is there."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import models

from accounts.models import Assignment, AuditEvent, Department, Direction, Employee
from pipeline.models import (
    Company,
    Contract,
    Deal,
    ImportBatch,
    ImportIssue,
    Industry,
    Payment,
    Product,
    Relationship,
    StageChange,
)
from salesys.intake import services
from salesys.intake.services import Outcome, import_sales_data
from tests.intake.conftest import add_line

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    Assignment, AuditEvent, Company, Contract, Deal, Department, Direction, Employee, ImportBatch, ImportIssue, Industry, Payment,
    Product, Relationship, StageChange,
)  # fmt: skip


def load(folder: Path, newest_on: date | None = None) -> Outcome:
    return import_sales_data(actor=None, folder=folder, newest_on=newest_on)


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {table.__name__: list(table._base_manager.order_by("pk").values_list()) for table in TABLES}


def test_second_load_changes_nothing(folder: Path) -> None:
    first = load(folder)
    before = everything()
    second = load(folder)
    assert (first.is_new, second.is_new) == (True, False)
    assert second.counts == first.counts
    assert everything() == before


def test_second_load_with_another_date_changes_nothing(folder: Path) -> None:
    load(folder, date(2026, 11, 22))
    before = everything()
    outcome = load(folder, date(2026, 12, 1))
    assert outcome.is_new is False
    assert everything() == before


def test_files_that_have_grown_add_only_what_is_new(folder: Path) -> None:
    load(folder)
    add_line(folder, "sales_pipeline.csv", "A6,Bob Birch,MG Special,Bluth,Won,2/1/2017,3/9/2017,55")
    deals, payments = Deal.all_rows.count(), Payment.all_rows.count()
    outcome = load(folder)
    count = outcome.counts[-1]
    assert (count.rows_in, count.created, count.known, count.listed) == (6, 1, 5, 0)
    assert (Deal.all_rows.count(), Payment.all_rows.count()) == (deals + 1, payments + 1)
    assert Assignment.all_rows.count() == 5
    assert Relationship.all_rows.count() == 2


def test_load_that_breaks_leaves_nothing_and_can_be_repeated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*args: object) -> None:
        raise ConnectionError("the server went away")

    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(services, "write_findings", break_off)
        with pytest.raises(ConnectionError):
            load(folder)
    assert everything() == before
    assert load(folder).is_new is True


def test_company_that_was_entered_by_hand_is_found_again(folder: Path) -> None:
    company = Company.all_rows.create(name="«ACME»", city="Springfield")
    load(folder)
    company.refresh_from_db()
    assert (company.name, company.city) == ("«ACME»", "Springfield")
    assert Company.all_rows.count() == 2
    assert Deal.all_rows.get(external_id="A1").company_id == company.pk


def test_command_prints_what_came_of_each_file(folder: Path) -> None:
    printed = StringIO()
    call_command("import_sales_data", str(folder), newest_on=date(2017, 3, 10), stdout=printed)
    text = printed.getvalue()
    assert "sales_pipeline.csv        5       5      0            0         5         2     1" in text
    assert "shifted by 1 week." in text
    again = StringIO()
    call_command("import_sales_data", str(folder), newest_on=date(2017, 3, 10), stdout=again)
    assert "nothing was changed" in again.getvalue()


def test_a_deal_that_stands_otherwise_in_a_later_file_stays_and_is_listed(folder: Path) -> None:
    load(folder)
    deals = list(Deal.all_rows.order_by("pk").values_list())
    payments = list(Payment.all_rows.order_by("pk").values_list())
    file = folder / "sales_pipeline.csv"
    text = file.read_text("utf-8")
    text = text.replace("Bluth,Engaging,2/1/2017,,", "Bluth,Won,2/1/2017,3/9/2017,55").replace("3/1/2017,4900", "3/1/2017,4950")
    file.write_text(text, "utf-8")
    outcome = load(folder)
    count = outcome.counts[-1]
    assert (count.rows_in, count.created, count.known, count.listed) == (5, 0, 5, 0)
    found = ImportIssue.all_rows.filter(batch=outcome.batch, code="deal_differs").order_by("line")
    by_key = dict(Deal.all_rows.values_list("external_id", "pk"))
    assert [(issue.line, issue.status, issue.object_type, issue.object_id, issue.row["deal_stage"]) for issue in found] == [
        (2, "open", "pipeline.deal", by_key["A1"], "Won"),
        (5, "open", "pipeline.deal", by_key["A4"], "Won"),
    ]
    assert "“engaged” with 55.00" in found[1].problem
    assert list(Deal.all_rows.order_by("pk").values_list()) == deals
    assert list(Payment.all_rows.order_by("pk").values_list()) == payments


def test_files_that_have_only_grown_list_no_difference(folder: Path) -> None:
    load(folder)
    add_line(folder, "sales_pipeline.csv", "A6,Ann Ash,GTX Pro,Acme,Won,3/2/2017,3/4/2017,100")
    outcome = load(folder)
    assert outcome.counts[-1].created == 1
    assert not ImportIssue.all_rows.filter(batch=outcome.batch, code="deal_differs").exists()
