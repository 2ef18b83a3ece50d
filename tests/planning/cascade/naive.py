"""The cascade once more, slowly and in plain Python: what the SQL statements must agree with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import Assignment, Pair
from planning.calendar.queries import Workday, workdays
from planning.cascade.facts import facts
from planning.engine.activities import Activity
from planning.engine.funnel import Yield, needs
from planning.engine.norms import spread
from planning.engine.pace import Pace, repace
from planning.models import SellerMonth, StageMeasure, YearPlan
from planning.norms.queries import ROLE_OF, norms_on
from salesys.kernel.periods import Month

Key = tuple[int, Month, Activity]
TELESALES = (Activity.DIALS, Activity.CONVERSATIONS, Activity.WARM_CONTACTS)
SUPPORT = (Activity.RESEARCH_CARDS, Activity.LETTERS)
SELLER_ROLES = {"seller", "client_manager", "vip_manager"}


class Naive:
    """The work of a plan from a day on, computed person by person and day by day."""

    def __init__(self, plan: YearPlan, from_on: date) -> None:
        self.plan, self.from_on = plan, from_on
        self.months = plan.months[from_on.month - 1 :]
        self.days = [day for day in workdays(self.months[0].first, plan.months[-1].last) if day.hours]
        self.places = list(Assignment.all_rows.select_related("employee").order_by("valid"))

    def funnel(self) -> dict[Key, int]:
        """Units per seller, month of work and activity."""
        found: dict[Key, int] = {}
        for employee_id in set(SellerMonth.all_rows.filter(plan=self.plan).values_list("employee", flat=True)):
            rows = list(SellerMonth.all_rows.filter(plan=self.plan, employee=employee_id).order_by("month"))
            steps = [
                Yield(Activity(row.activity), row.per_deal, row.lead_days)
                for row in StageMeasure.all_rows.filter(plan=self.plan, employee=employee_id)
            ]
            for need in needs(Month.of(rows[0].month), [row.deals for row in rows], steps, work_months=self.months):
                if need.amount:
                    found[employee_id, need.month, need.activity] = need.amount
        return found

    def at_work(self, role: str, month: Month, *, direction: int | None = 0) -> dict[int, list[Workday]]:
        """Working days of a month by person in a role; of one direction unless `direction` is 0."""
        found: dict[int, list[Workday]] = defaultdict(list)
        for place in self.places:
            plays = "seller" if place.role in SELLER_ROLES else place.role
            if plays != role or direction not in (0, place.direction_id):
                continue
            gone = place.employee.dismissed_on
            for day in self.days:
                if Month.of(day.on) == month and day.on in place.valid and (gone is None or day.on < gone):
                    found[place.employee_id].append(day)
        return dict(sorted(found.items()))

    def role_needs(self) -> dict[Key, int]:
        """A month's need per employee."""
        funnel = self.funnel()
        direction_of = {
            (row.employee_id, Month.of(row.month)): row.direction_id for row in SellerMonth.all_rows.filter(plan=self.plan)
        }
        found: dict[Key, int] = defaultdict(int)
        asked: dict[tuple[int | None, Month, Activity], int] = defaultdict(int)
        for (employee_id, month, activity), amount in funnel.items():
            if activity in (Activity.MEETINGS, Activity.PROPOSALS):
                found[employee_id, month, activity] += amount
            elif activity != Activity.DEALS:
                asked[self.pool(direction_of[employee_id, month], month), month, activity] += amount
        orphans: dict[tuple[Month, Activity], int] = defaultdict(int)
        for (pool, month, activity), amount in asked.items():
            for caller, part in self._shares(amount, self.at_work("telesales", month, direction=pool)).items():
                worker = caller if activity in TELESALES else self.assistant_of(caller, month)
                if worker is None:
                    orphans[month, activity] += part
                else:
                    found[worker, month, activity] += part
        self._give_orphans(orphans, found)
        return {key: amount for key, amount in found.items() if amount}

    def _give_orphans(self, orphans: Mapping[tuple[Month, Activity], int], found: dict[Key, int]) -> None:
        """Work for callers without a pair is shared by all assistants."""
        for (month, activity), amount in orphans.items():
            for assistant, part in self._shares(amount, self.at_work("assistant", month)).items():
                found[assistant, month, activity] += part

    def pool(self, direction: int | None, month: Month) -> int | None:
        """The direction itself where it has callers, else those without a direction, else (0) everybody."""
        if self.at_work("telesales", month, direction=direction):
            return direction
        return None if self.at_work("telesales", month, direction=None) else 0

    def _shares(self, amount: int, people: Mapping[int, Sequence[Workday]]) -> dict[int, int]:
        if not people:
            return {}
        return dict(zip(people, spread(amount, [sum(day.hours for day in days) for days in people.values()]), strict=True))

    def assistant_of(self, caller: int, month: Month) -> int | None:
        """Who prepares for a caller in a month: of the pairs of the month, the latest whose assistant is there."""
        there = self.at_work("assistant", month)
        pairs = [
            pair
            for pair in Pair.all_rows.filter(telesales=caller)
            if pair.assistant_id in there and any(day in pair.valid for day in month.span.days())
        ]
        return max(pairs, key=lambda pair: pair.valid_from).assistant_id if pairs else None

    def paces(self) -> dict[Key, Pace]:
        """What is left of each need, and its days."""
        done: dict[tuple[int, Activity], int] = defaultdict(int)
        for fact in facts(since=self.months[0].first, until=self.from_on):
            done[fact.employee_id, fact.activity] += fact.amount
        found = {}
        for (employee_id, month, activity), need in self.role_needs().items():
            norm = norms_on(max(month.first, self.from_on))[ROLE_OF[activity], activity]
            days = self.left(employee_id, month, activity)
            before = done[employee_id, activity] if month == self.months[0] else 0
            found[employee_id, month, activity] = repace(
                need,
                before,
                [day.hours for day in days],
                norm_per_day=norm.per_day,
                availability=norm.availability,
                is_there=self.is_there(employee_id, month, activity),
            )
        return found

    def left(self, employee_id: int, month: Month, activity: Activity) -> list[Workday]:
        """Days of a month from the first that may change."""
        return [day for day in self.at_work(ROLE_OF[activity], month).get(employee_id, []) if day.on >= self.from_on]

    def is_there(self, employee_id: int, month: Month, activity: Activity) -> bool:
        """Whether somebody stands in the activity's role on any date of the month that may still change."""
        dates = [on for on in month.span.days() if on >= self.from_on]
        return any(
            on in place.valid and (place.employee.dismissed_on is None or on < place.employee.dismissed_on)
            for place in self.places
            if place.employee_id == employee_id and ("seller" if place.role in SELLER_ROLES else place.role) == ROLE_OF[activity]
            for on in dates
        )

    def daily(self) -> dict[tuple[int, date, Activity], int]:
        """Units per employee, day and activity."""
        found = {}
        for (employee_id, month, activity), pace in self.paces().items():
            for day, amount in zip(self.left(employee_id, month, activity), pace.days, strict=True):
                if amount:
                    found[employee_id, day.on, activity] = amount
        return found
