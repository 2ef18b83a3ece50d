"""Dates: whole weeks, the week of the date that was asked for, and rows without a date."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max

from accounts.models import Employee
from pipeline.models import Deal, Payment
from salesys.intake.picture import draw
from salesys.intake.rows import read_files
from salesys.intake.services import import_sales_data

NEWEST = date(2017, 3, 3)  # a Friday


@pytest.mark.parametrize(
    ("newest_on", "newest"),
    [
        (date(2017, 3, 3), date(2017, 3, 3)),
        (date(2017, 2, 27), date(2017, 3, 3)),
        (date(2017, 3, 5), date(2017, 3, 3)),
        (date(2017, 3, 6), date(2017, 3, 10)),
        (date(2017, 2, 26), date(2017, 2, 24)),
        (date(2024, 2, 29), date(2024, 3, 1)),
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(1999, 12, 31), date(1999, 12, 31)),
    ],
)
def test_newest_event_falls_in_the_week_of_the_date(folder: Path, newest_on: date, newest: date) -> None:
    picture = draw(read_files(folder), newest_on=newest_on, today=date(2030, 1, 1))
    dates = [step.on for row in picture.opportunities for step in row.steps]
    assert max(dates) == newest
    assert picture.shifted_weeks * 7 == (newest - NEWEST).days


def test_all_dates_move_by_the_same_weeks(folder: Path) -> None:
    there = draw(read_files(folder), newest_on=None, today=date(2030, 1, 1))
    moved = draw(read_files(folder), newest_on=date(2026, 11, 22), today=date(2030, 1, 1))
    shift = timedelta(weeks=moved.shifted_weeks)
    assert shift % timedelta(weeks=1) == timedelta(0)
    for before, after in zip(there.opportunities, moved.opportunities, strict=True):
        assert [step.on + shift for step in before.steps] == [step.on for step in after.steps]


@pytest.mark.django_db
def test_rows_without_a_date_take_the_newest(folder: Path) -> None:
    import_sales_data(actor=None, folder=folder)
    assert Deal.all_rows.get(external_id="A5").opened_on == NEWEST
    assert set(Employee.all_rows.values_list("hired_on", flat=True)) == {date(2016, 10, 1)}


@pytest.mark.django_db
def test_payments_move_too(folder: Path) -> None:
    import_sales_data(actor=None, folder=folder, newest_on=date(2026, 11, 22))
    assert Payment.all_rows.aggregate(Max("paid_on"))["paid_on__max"] == date(2026, 11, 18)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["22.11.2026", "2026-02-30", "", "9999-12-31"])
def test_a_date_that_is_none_is_refused(folder: Path, text: str) -> None:
    with pytest.raises(CommandError, match="is not a date"):
        call_command("import_sales_data", str(folder), f"--newest-on={text}")
    assert Deal.all_rows.count() == 0
