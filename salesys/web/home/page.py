"""What a start page is to the view, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from pipeline.deals.whose import ALL, own_of
from planning.calendar.queries import workdays
from planning.engine.activities import Activity
from salesys.db.scope import Viewer
from salesys.kernel.periods import Month, months_of_year
from salesys.shell import charts, formats
from salesys.shell.charts import Chart, Series, Unit
from salesys.web.links import address, listed
from salesys.web.queries.deals import StageLine
from salesys.web.queries.plans import YearByMonth
from salesys.web.queries.work import CallDay


@dataclass(frozen=True, slots=True)
class HomePage:
    """Template and context of one role's start page."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Builder = Callable[[Viewer, date], HomePage]


@dataclass(frozen=True, slots=True)
class Days:
    """The date, and how many working days of its month are left, today included."""

    today: date
    left: int


def days_of(today: date) -> Days:
    """What stands under every start page's title; 1 SQL statement."""
    return Days(today, sum(1 for day in workdays(today, Month.of(today).last) if day.hours))


@dataclass(frozen=True, slots=True)
class YearPaths:
    """Where the figures of the year lead: to the payments that sum to them, and to the part of the plan."""

    month: str
    year: str
    gap: str


def year_paths(viewer: Viewer, year: YearByMonth) -> YearPaths:
    """Addresses behind the figures of the year; no SQL.

    The year leads to the plan for those who answer for all of it or for one part, whose months sum to it; a head's team is not
    quite the sellers of the direction's plan, so a head comes to the payments.
    """
    node = address("planning:node", year.node_id) if year.node_id else address("planning:plans")
    paid = _payments(viewer, Month(year.year, 1).first, year.today)
    if viewer.reach("plans") == "all" and year.plan_id:
        paid = address("planning:plan", year.plan_id)
    elif viewer.reach("plans") == "own" and year.node_id:
        paid = node
    month = listed("pipeline:payment_list", month=year.month, seller=_seller(viewer))
    return YearPaths(month, paid, node)


def _seller(viewer: Viewer) -> str:
    asked = own_of(viewer)
    return "" if asked == ALL else asked


def _payments(viewer: Viewer, first: date, last: date) -> str:
    return listed("pipeline:payment_list", since=first, until=last, seller=_seller(viewer))


def _month_urls(viewer: Viewer, year: YearByMonth, *, is_running: bool) -> list[str]:
    """Payments of each month that has begun, `is_running` since January."""
    months = months_of_year(year.year)[: len(year.fact)]
    return [_payments(viewer, months[0].first if is_running else month.first, min(month.last, year.today)) for month in months]


def year_chart(viewer: Viewer, year: YearByMonth) -> Chart | None:
    """Running plan and fact of the year with the pace that is needed; None without either."""
    if not year.has_plan and not year.fact_of_year:
        return None
    labels = [formats.short_month_text(month.first) for month in months_of_year(year.year)]
    fact = [*year.fact, *[None] * (12 - len(year.fact))]
    title = _("Collected in %(year)s, plan and fact") % {"year": year.year}
    return charts.plan_fact(title, labels, plan=year.plan, fact=fact, urls=_month_urls(viewer, year, is_running=True))


def month_chart(viewer: Viewer, year: YearByMonth) -> Chart | None:
    """Plan and fact of each month side by side; None without either."""
    if not year.has_plan and not year.fact_of_year:
        return None
    labels = [formats.short_month_text(month.first) for month in months_of_year(year.year)]
    fact = [*year.fact, *[None] * (12 - len(year.fact))]
    series = [Series(_("Plan"), year.plan, "muted"), Series(_("Fact"), fact, "accent")]
    return charts.bars(_("Collected by month"), labels, series, urls=_month_urls(viewer, year, is_running=False))


def stage_chart(viewer: Viewer, stages: list[StageLine]) -> Chart | None:
    """Open deals by stage, each leading to its deals; None without one."""
    if not stages:
        return None
    urls = [listed("pipeline:deal_board", seller=own_of(viewer), stage=stage.code) for stage in stages]
    return charts.levels(_("Open deals by stage"), [(stage.name, stage.count) for stage in stages], urls=urls)


def last_days(today: date, count: int = 10) -> list[date]:
    """The newest working days (Monday to Friday) up to today, oldest first."""
    days = [today - timedelta(days=offset) for offset in range(count * 2)]
    return sorted([day for day in days if day.weekday() < 5][:count])


def pace_chart(title: str, days: list[date], targets: Mapping[date, int], done: Mapping[date, int]) -> Chart | None:
    """Norm and fact of one activity by day; None when there is neither."""
    if not any(targets.get(day) or done.get(day) for day in days):
        return None
    labels = [formats.short_day_text(day) for day in days]
    series = [Series(_("Done"), [done.get(day, 0) for day in days], "accent")]
    if any(targets.get(day) for day in days):
        series.insert(0, Series(_("Norm"), [targets.get(day, 0) for day in days], "muted"))
    return charts.bars(title, labels, series, unit=Unit.NUMBER)


def done_of(calls: CallDay) -> dict[Activity, int]:
    """A caller's day by activity."""
    return {Activity.DIALS: calls.dials, Activity.CONVERSATIONS: calls.conversations, Activity.WARM_CONTACTS: calls.warm}
