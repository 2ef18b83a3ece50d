"""What people did, counted from the pipeline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from planning.bulk import select, statement
from planning.engine.activities import Activity
from salesys.db.organisation import organisation

SQL = Path(__file__).parent / "sql"
PER_EMPLOYEE = "SELECT employee_id, activity, sum(amount) FROM (%s) AS fact GROUP BY 1, 2"
IN_ALL = "SELECT activity, sum(amount) FROM (%s) AS fact GROUP BY 1"


@dataclass(frozen=True, slots=True)
class Fact:
    """Units of an activity that an employee did on a day."""

    employee_id: int
    on: date
    activity: Activity
    amount: int


def facts(*, since: date, until: date, employees: Collection[int] | None = None) -> tuple[Fact, ...]:
    """Units done in `[since, until)` by employee, day and activity; 1 SQL statement, no rows without units.

    A dial is a call; a conversation one with the right person; a meeting or proposal a deal that crossed that stage; a letter
    a letter task that was done; a deal one that was won. `employees` narrows to these, None means everybody.
    """
    rows = select(statement(SQL / "facts.sql"), _parameters(since, until, employees))
    return tuple(Fact(employee_id, on, Activity(activity), amount) for employee_id, on, activity, amount in rows)


def facts_by_employee(*, since: date, until: date, employees: Collection[int] | None = None) -> dict[tuple[int, Activity], int]:
    """The same, summed by employee and activity; 1 SQL statement."""
    rows = select(PER_EMPLOYEE % statement(SQL / "facts.sql"), _parameters(since, until, employees))
    return {(employee_id, Activity(activity)): int(amount) for employee_id, activity, amount in rows}


def facts_in_all(*, since: date, until: date, employees: Collection[int] | None = None) -> dict[Activity, int]:
    """The same, summed by activity alone; 1 SQL statement."""
    rows = select(IN_ALL % statement(SQL / "facts.sql"), _parameters(since, until, employees))
    return {Activity(activity): int(amount) for activity, amount in rows}


def _parameters(since: date, until: date, employees: Collection[int] | None) -> dict[str, object]:
    narrowed = None if employees is None else sorted(employees)
    return {"since": since, "until": until, "employees": narrowed, "zone": organisation().time_zone}
