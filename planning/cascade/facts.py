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
    parameters = {
        "since": since,
        "until": until,
        "employees": None if employees is None else sorted(employees),
        "zone": organisation().time_zone,
    }
    rows = select(statement(SQL / "facts.sql"), parameters)
    return tuple(Fact(employee_id, on, Activity(activity), amount) for employee_id, on, activity, amount in rows)
