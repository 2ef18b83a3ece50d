"""An agreed year plan becomes dated tasks of 2,000 sellers, telesales people and assistants, beside COPY of as many rows.

The time is that of the whole cascade: conversions measured, the funnel of each seller, months, days, headcount, concrete calls
and cards. The limit is COPY of the rows that it wrote into empty tables with the same keys and checks.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import connection
from psycopg2.extensions import connection as Connection  # noqa: N812

from bench.harness import Result, Scratch, scratch_database, seconds, told
from planning.calendar.queries import workdays
from planning.cascade.services import generate_role_tasks
from planning.goals.models import YearPlan
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from salesys.db import clock

PEOPLE = 2_000
YEAR = 2027
FIRST_DAY = date(YEAR, 1, 1)
MORNING = datetime(YEAR, 1, 1, 9, tzinfo=UTC)
"""When the cascade runs: calls are named for the days that are near."""

MOST_RATIO = 3.0
GOAL_PER_SELLER = 24_000_000
WRITTEN = (
    "planning_dailytarget",
    "planning_roleneed",
    "planning_funnelneed",
    "planning_sellermonth",
    "planning_stagemeasure",
    "planning_planneditem",
    "pipeline_task",
)
DEPARTMENT = Path(__file__).with_suffix(".sql")


def run(scale: float) -> Result:
    """Measure the first cascade of a year against COPY of the rows that it wrote."""
    people = max(100, int(PEOPLE * scale) // 100 * 100)
    with scratch_database("cascade") as scratch:
        with told(f"{people:,} people and their history"), connection.cursor() as cursor:
            cursor.execute(DEPARTMENT.read_text(encoding="utf-8"), {"people": people})
        clock.now = lambda: MORNING
        with told("goal, distribution, agreement"):
            plan = agreed_plan(people)
            workdays(FIRST_DAY, FIRST_DAY)  # a worker has read the country's calendar long ago
        value = seconds(lambda: generate_role_tasks(plan=plan, from_on=FIRST_DAY))
        again = seconds(lambda: generate_role_tasks(plan=plan, from_on=FIRST_DAY))
        print(f"  again, changing nothing: {again:.2f} s", file=sys.stderr)
        limit = copy_seconds(scratch)
    return Result("cascade", value, "s", limit, at_most=MOST_RATIO)


def agreed_plan(people: int) -> YearPlan:
    """A plan that fills the days of everyone."""
    plan = set_year_goal(actor=None, year=YEAR, goal=Decimal(GOAL_PER_SELLER) * (people * 2 // 5))
    distribute_plan(actor=None, plan=plan)
    return agree_plan(actor=None, plan=plan)


def copy_seconds(scratch: Scratch) -> float:
    """COPY of the rows that the cascade wrote, in their order, into empty tables with the same keys and checks."""
    own = scratch.connect()
    rows = {table: _copied_out(own, table) for table in WRITTEN}

    def copy() -> None:
        with own, own.cursor() as cursor:
            for table, text in rows.items():
                cursor.copy_expert(f"COPY limit_{table} FROM STDIN", text)

    found = seconds(copy)
    own.close()
    return found


def _copied_out(own: Connection, table: str) -> io.StringIO:
    text = io.StringIO()
    with own, own.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT", text)
        cursor.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"SELECT count(*) FROM {table}")
        print(f"  {table}: {(cursor.fetchone() or (0,))[0]:,} rows", file=sys.stderr)
    text.seek(0)
    return text
