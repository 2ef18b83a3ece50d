"""Earnings of one month: salaries, summed rates, bonuses and pools, computed in Python and posted as credits are."""

from __future__ import annotations

import csv
import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO

from django.db import connection

from compensation.engine.inputs import Attained, Cover, EarningKey, MonthInputs, Version
from compensation.engine.month import MonthEarning, month_earnings
from compensation.engine.terms import Component, PlanBonus, Rate, TierOn
from compensation.ledger.credits import Chunk
from compensation.ledger.models import PoolWeight
from compensation.ledger.sql import rows
from compensation.ledger.uncomputed import record_issues
from compensation.schemes.terms import stored_components
from planning.calendar.queries import workdays_of
from planning.control.queries import attainment
from planning.goals.models import YearPlan
from salesys.kernel.periods import Month

COVERS = """
SELECT payee_id, department_id, scheme_id, version_id, greatest(from_on, %(month)s), least(until_on, %(next)s)
FROM run_coverage
WHERE from_on < %(next)s AND until_on > %(month)s
ORDER BY payee_id, from_on, version_id
"""
VERSIONS = """
SELECT id, scheme_id, coalesce(lower(valid), '0001-01-01')
FROM compensation_schemeversion
WHERE id = ANY(%(held)s) OR id IN (
    SELECT k.version_id FROM compensation_component k
    WHERE k.id IN (SELECT component_id FROM compensation_measure WHERE origin_on = %(month)s)
)
"""
SUMS = """
SELECT payee_id, component_id, department_id, sum(basis_amount)
FROM compensation_measure
WHERE origin_on = %(month)s AND component_id = ANY(%(components)s)
GROUP BY payee_id, component_id, department_id
"""
STANDING = """
SELECT DISTINCT ON (payee_id, component_id, department_id) payee_id, component_id, department_id, revision, amount, trace
FROM compensation_earningline
WHERE origin_on = %(month)s AND period_on >= %(month)s
ORDER BY payee_id, component_id, department_id, revision DESC
"""
COPY = """
COPY compensation_earningline (payee_id, component_id, department_id, run_id, period_on, origin_on, revision, amount, trace)
FROM STDIN WITH (FORMAT csv)
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """The last revision of a line; an even one reversed the line, so that nothing stands."""

    revision: int
    earning: MonthEarning

    @property
    def stands(self) -> bool:
        """Whether the line counts."""
        return self.revision % 2 == 1


def post_earnings(chunk: Chunk, *, are_days_paid: bool) -> int:
    """Post computed minus posted for the earning lines of the chunk's month; the number of lines written.

    What cannot be computed is recorded as an issue and left as it was posted; everybody else's lines are posted as ever. Refunds
    that no pool takes back are recorded beside them.
    Some 10 SQL statements and one insert, however many payees.
    """
    computed = month_earnings(_inputs(chunk.origin, are_days_paid=are_days_paid))
    posted = _posted(chunk.origin)
    settled = (computed.lines.keys() | posted.keys()) - computed.issues.keys()
    lines = [line for key in sorted(settled) for line in _changes(key, computed.lines.get(key), posted.get(key))]
    _copy(chunk, lines)
    record_issues(chunk, computed.lost | computed.issues)
    return len(lines)


def _copy(chunk: Chunk, lines: list[tuple[EarningKey, int, MonthEarning]]) -> None:
    """Write the lines through COPY; many payees share one salary and with it one trace, which is written out once."""
    texts: dict[int, str] = {}
    buffer = StringIO()
    writer = csv.writer(buffer)
    constant = (chunk.run_id, chunk.period.first, chunk.origin.first)
    for key, revision, earning in lines:
        text = texts.get(id(earning.trace)) or texts.setdefault(id(earning.trace), json.dumps(earning.trace))
        writer.writerow((*key, *constant, revision, earning.amount, text))
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, buffer)


def _changes(
    key: EarningKey, computed: MonthEarning | None, posted: Posted | None
) -> Iterable[tuple[EarningKey, int, MonthEarning]]:
    """The reversal of what no longer holds and its successor; nothing where the line stands as computed."""
    if posted is not None and posted.stands:
        if posted.earning == computed:
            return
        yield key, posted.revision + 1, MonthEarning(-posted.earning.amount, posted.earning.trace)
    if computed is not None:
        last = posted.revision if posted else 0
        yield key, last + 2 if posted and posted.stands else last + 1, computed


def _posted(month: Month) -> dict[EarningKey, Posted]:
    found = rows(STANDING, {"month": month.first})
    read = cache(_trace)  # many payees share one salary and with it the text of one trace
    return {
        EarningKey(payee_id, component_id, department_id): Posted(revision, MonthEarning(amount, read(trace)))
        for payee_id, component_id, department_id, revision, amount, trace in found
    }


def _trace(stored: str) -> dict[str, object]:
    """Raw cursors give JSON as text, because Django decodes it in its fields."""
    trace: dict[str, object] = json.loads(stored)
    return trace


def _inputs(month: Month, *, are_days_paid: bool) -> MonthInputs:
    covers = [Cover(*row) for row in rows(COVERS, {"month": month.first, "next": month.plus(1).first})]
    versions = versions_of(month, covers)
    stored = stored_components(sorted(versions))
    components = {version_id: [(each.component_id, each.part) for each in parts] for version_id, parts in stored.items()}
    unsound = {each.component_id: each.issue for parts in stored.values() for each in parts if each.issue}
    worked_days, norm_days = working_calendar(month)
    return MonthInputs(
        covers=covers,
        components=components,
        versions=versions,
        sums=_sums(month, components, unsound),
        attained=_attained(month) if _asks_attainment(components) else {},
        worked_days=worked_days,
        norm_days=norm_days,
        weights={
            (weight.department_id, weight.employee_id): weight.weight
            for weight in PoolWeight.all_rows.filter(month_on=month.first)
        },
        are_days_paid=are_days_paid,
        unsound=unsound,
    )


def versions_of(month: Month, covers: Iterable[Cover]) -> dict[int, Version]:
    """Versions that hold in the month, and those that its measures were credited under (refunds); 1 SQL statement."""
    found = rows(VERSIONS, {"month": month.first, "held": sorted({cover.version_id for cover in covers})})
    return {version_id: Version(scheme_id, from_on) for version_id, scheme_id, from_on in found}


def _sums(
    month: Month, components: Mapping[int, list[tuple[int, Component]]], unsound: Collection[int]
) -> dict[EarningKey, Decimal]:
    """Credited basis by payee and component, of those that are earned on the month's sum or would be if they were sound."""
    summed = [
        component_id
        for parts in components.values()
        for component_id, part in parts
        if not isinstance(part.terms, Rate) or part.terms.is_summed or component_id in unsound
    ]
    return credited_sums(month, summed)


def credited_sums(month: Month, components: Sequence[int]) -> dict[EarningKey, Decimal]:
    """Credited basis of the month by payee, component and department (0 but for pools); 1 SQL statement."""
    found = rows(SUMS, {"month": month.first, "components": list(components)})
    return {EarningKey(payee, component, department): basis for payee, component, department, basis in found}


def _asks_attainment(components: Mapping[int, list[tuple[int, Component]]]) -> bool:
    return any(
        isinstance(part.terms, PlanBonus)
        or (isinstance(part.terms, Rate) and part.terms.tiers and part.terms.tier_on is TierOn.ATTAINMENT)
        for parts in components.values()
        for _id, part in parts
    )


def _attained(month: Month) -> dict[int, Attained]:
    """Plan and fact of those who have a plan; without an agreed plan for the year there is nothing to count."""
    if not YearPlan.all_rows.filter(year=month.year, status=YearPlan.Status.AGREED).exists():
        return {}
    found = attainment(first=month, last=month)
    return {row.employee_id: Attained(row.planned, row.collected, row.ratio) for row in found if row.planned}


def working_calendar(month: Month) -> tuple[Callable[[date, date], int], int]:
    """Working days in `[from, until)` within the month, and of the whole month; 1 SQL statement."""
    working = [day.on for day in workdays_of(month) if day.hours]

    def worked(from_on: date, until_on: date) -> int:
        return bisect_left(working, until_on) - bisect_left(working, from_on)

    return worked, len(working)
