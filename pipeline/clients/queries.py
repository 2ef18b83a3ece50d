"""How many clients hang on a person."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from accounts.people.models import Employee
from pipeline.clients.models import Relationship
from salesys.db import clock


def clients_left(employee: Employee, on: date | None = None) -> int:
    """Companies whose relationship a person holds on a date or later; 1 SQL statement.

    Args:
        employee: Whose.
        on: Today when left out; of who is dismissed on a later day, that day: until then they hold them rightly.
    """
    day = on or max(clock.today(), employee.dismissed_on or clock.today())
    held = Relationship.all_rows.filter(employee=employee, kind__in=Relationship.HOLDING)
    rows = held.filter(Q(valid__contains=day) | Q(valid__startswith__gt=day))
    return rows.values("company_id").distinct().count()
