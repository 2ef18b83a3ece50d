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
