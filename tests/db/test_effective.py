from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.people.models import Employee
from pipeline.clients.models import Company, Relationship
from salesys.db.effective import from_date, holds_on
from salesys.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def hunter() -> Relationship:
    employee = Employee.all_rows.create(full_name="Hunter", hired_on=date(2020, 1, 1))
    company = Company.all_rows.create(name="Acme")
    held: Relationship = Relationship.all_rows.create(
        company=company, employee=employee, kind="hunter", valid=from_date(date(2026, 1, 1), date(2026, 3, 1))
    )
    return held


@pytest.mark.parametrize(("start", "end"), [("2026-02-28", None), ("2025-12-01", "2026-01-02"), ("2026-01-15", "2026-01-16")])
def test_the_database_refuses_overlapping_rows(hunter: Relationship, start: str, end: str | None) -> None:
    valid = from_date(date.fromisoformat(start), date.fromisoformat(end) if end else None)
    with pytest.raises(IntegrityError, match="relationship_one_hunter"), transaction.atomic():
        Relationship.all_rows.create(company=hunter.company, employee=hunter.employee, kind="hunter", valid=valid)
    assert Relationship.all_rows.count() == 1


@pytest.mark.parametrize(("start", "end"), [("2026-03-01", None), ("2025-12-01", "2026-01-01")])
def test_rows_that_touch_stand_beside_each_other(hunter: Relationship, start: str, end: str | None) -> None:
    valid = from_date(date.fromisoformat(start), date.fromisoformat(end) if end else None)
    Relationship.all_rows.create(company=hunter.company, employee=hunter.employee, kind="hunter", valid=valid)
    assert Relationship.all_rows.count() == 2


def test_another_kind_or_company_may_overlap(hunter: Relationship) -> None:
    other = Company.all_rows.create(name="Other")
    for company, kind in ((hunter.company, "account_manager"), (other, "hunter")):
        Relationship.all_rows.create(company=company, employee=hunter.employee, kind=kind, valid=hunter.valid)
    assert Relationship.all_rows.count() == 3


@pytest.mark.parametrize(
    ("on", "holds"), [("2025-12-31", False), ("2026-01-01", True), ("2026-02-28", True), ("2026-03-01", False)]
)
def test_a_fact_holds_from_its_first_date_until_before_its_end(hunter: Relationship, on: str, holds: bool) -> None:
    assert Relationship.all_rows.filter(holds_on(date.fromisoformat(on))).exists() is holds


def test_closing_ends_the_fact_before_the_date(hunter: Relationship) -> None:
    hunter.close_on(date(2026, 2, 1))
    hunter.save()
    hunter.refresh_from_db()
    assert (hunter.valid_from, hunter.valid_to) == (date(2026, 1, 1), date(2026, 2, 1))


def test_a_fact_cannot_end_before_it_began(hunter: Relationship) -> None:
    with pytest.raises(InvalidInput) as caught:
        hunter.close_on(date(2026, 1, 1))
    assert (caught.value.issues[0].field, caught.value.issues[0].value) == ("from_on", "2026-01-01")
    assert hunter.valid_to == date(2026, 3, 1)
