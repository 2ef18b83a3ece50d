"""Who is there to carry a month of the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from accounts.models import Assignment
from accounts.roles import SELLING_ROLES
from salesys.kernel.periods import Month


def carried_months(employees: Collection[int], months: Sequence[Month]) -> dict[int, frozenset[Month]]:
    """Months whose target an employee is there to bring; 1 SQL statement.

    A month is theirs who stand in a selling role on its last day, as when the goal was distributed: whoever leaves within a
    month starts no deals for it any more.

    Args:
        employees: Whom to look at.
        months: Which months.

    Returns:
        One set per employee, empty for who has left before all of them.
    """
    rows = Assignment.all_rows.filter(employee__in=employees, role__in=SELLING_ROLES, valid__endswith__isnull=True)
    rows |= Assignment.all_rows.filter(employee__in=employees, role__in=SELLING_ROLES, valid__endswith__gt=months[0].first)
    found: dict[int, set[Month]] = {employee_id: set() for employee_id in employees}
    for employee_id, valid, dismissed_on in rows.values_list("employee", "valid", "employee__dismissed_on"):
        found[employee_id].update(
            month for month in months if month.last in valid and (dismissed_on is None or month.last < dismissed_on)
        )
    return {employee_id: frozenset(theirs) for employee_id, theirs in found.items()}
