"""Rows through COPY are what the ORM would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts.models import Employee
from pipeline.models import Call, Company, Deal, Product, Relationship, Stage
from salesys.db.copying import copy_rows, reserve_ids
from salesys.db.effective import from_date

pytestmark = pytest.mark.django_db


def test_text_numbers_and_nulls_arrive_unchanged() -> None:
    names = ["tab\tand\nline\r\\end", "\\N", "кириллица ё", "\\.", "a"]
    rows = [(name, None, 3) for name in names]
    assert copy_rows(Company, ("name", "founded_year", "employee_count"), rows) == 5
    assert list(Company.all_rows.order_by("pk").values_list("name", "founded_year", "employee_count")) == rows


def test_defaults_and_instants_are_filled_in() -> None:
    copy_rows(Company, ("name",), [("Plain",)])
    company = Company.all_rows.get()
    assert (company.city, company.is_corporate, company.parent, company.name_key) == ("", False, None, "plain")
    assert abs((datetime.now(UTC) - company.created_at).total_seconds()) < 60


def test_reserved_ids_tie_rows_together_and_are_never_given_again() -> None:
    ids = reserve_ids(Company, 3)
    copy_rows(Company, ("id", "name", "is_corporate"), zip(ids, "abc", (True, False, True), strict=True))
    assert list(Company.all_rows.order_by("pk").values_list("pk", flat=True)) == sorted(ids)
    assert Company.all_rows.create(name="next").pk not in ids


def test_dates_ranges_and_money_arrive_unchanged() -> None:
    person = Employee.all_rows.create(full_name="Ann", hired_on=date(2024, 2, 29))
    company = Company.all_rows.create(name="Acme")
    copy_rows(
        Relationship,
        ("company_id", "employee_id", "kind", "valid"),
        [
            (company.pk, person.pk, "hunter", from_date(date(2024, 2, 29), date(2025, 1, 1))),
            (company.pk, person.pk, "hunter", from_date(date(2025, 1, 1))),
        ],
    )
    spans = Relationship.all_rows.order_by("pk").values_list("valid", flat=True)
    assert list(spans) == [from_date(date(2024, 2, 29), date(2025, 1, 1)), from_date(date(2025, 1, 1))]
    copy_rows(Product, ("name", "list_price"), [("Press", Decimal("10.50"))])
    stage = Stage.all_rows.get(code="new")
    copy_rows(
        Deal,
        ("title", "seller_id", "stage_id", "amount", "opened_on"),
        [("Deal", person.pk, stage.pk, Decimal("99999.99"), date(2026, 1, 1))],
    )
    assert Deal.all_rows.get().amount == Decimal("99999.99")


def test_partitioned_table_takes_rows_of_any_month() -> None:
    at = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    columns = ("called_on", "started_at", "duration_seconds", "employee_id", "company_id", "outcome")
    copy_rows(Call, columns, [(at.date(), at, 61, 1, 2, "warm")])
    call = Call.all_rows.get()
    assert (call.started_at, call.duration_seconds, call.note, call.deal_id) == (at, 61, "", None)


def test_many_rows_pass_in_parts() -> None:
    assert copy_rows(Company, ("name",), ((f"Company {number}",) for number in range(20_001))) == 20_001
    assert Company.all_rows.count() == 20_001


def test_unknown_columns_and_ragged_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="has no column"):
        copy_rows(Company, ("name", "company"), [("a", "b")])
    with pytest.raises(ValueError, match="2 values for 1 columns"):
        copy_rows(Company, ("name",), [("a", "b")])
    assert Company.all_rows.count() == 0


def test_constraints_hold() -> None:
    with pytest.raises(IntegrityError):
        copy_rows(Company, ("name",), [("good",), ("",)])
