"""Start pages around the conveyor: accountant, base manager, marketer, HR, administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.access.actions import action_label
from accounts.models import AuditEvent
from accounts.roles import Role
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month
from salesys.shell import charts, formats
from salesys.shell.charts import Chart, Series, Unit
from salesys.web.home.page import HomePage, days_of
from salesys.web.links import address, listed
from salesys.web.queries import company, money, work

DAYS = 30
LISTS_DRAWN = 12


def accountant(viewer: Viewer, today: date) -> HomePage:
    """Payments to enter, those that nobody is credited for, the periods, the runs; 9 SQL statements."""
    # A month may have one day more than the chart
    by_day = money.collected_by_day(viewer, today, days=DAYS + 1)
    context = {
        "days": days_of(today),
        "chart": _daily(by_day, today),
        "collected": sum((amount for day, amount in by_day.items() if day >= today.replace(day=1)), ZERO),
        "today_amount": by_day.get(today, ZERO),
        "uncredited": money.uncredited(viewer),
        "periods": money.periods(viewer),
        "payments": money.latest_payments(viewer),
        "owed": money.receivable_sum(viewer, today),
        "runs": company.latest_runs(viewer),
        "tasks": work.tasks_due(viewer, today, limit=4),
        "payment_url": address("pipeline:payment_new"),
        "month_url": listed("pipeline:payment_list", month=Month.of(today)),
    }
    return HomePage("web/home/accountant.html", context)


def _daily(by_day: Mapping[date, Decimal], today: date) -> Chart | None:
    if not by_day:
        return None
    days = [today - timedelta(days=offset) for offset in reversed(range(DAYS))]
    values = [by_day.get(day, ZERO) for day in days]
    return charts.bars(
        _("Payments of the last thirty days"),
        [formats.short_day_text(day) for day in days],
        [Series(_("Payments"), values, "accent")],
        urls=[listed("pipeline:payment_list", since=day, until=day) for day in days],
    )


def base_manager(viewer: Viewer, today: date) -> HomePage:
    """Lists that run empty, rows of imports to decide, tasks; 5 SQL statements."""
    lists = company.call_lists(viewer)
    issue_count, issues = company.import_issues(viewer)
    context = {
        "days": days_of(today),
        "lists": lists,
        "waiting": sum(line.waiting for line in lists),
        "issue_count": issue_count,
        "issues": issues,
        "tasks": work.tasks_due(viewer, today),
        "chart": _list_chart(lists[:LISTS_DRAWN]),
    }
    return HomePage("web/home/base_manager.html", context)


def _list_chart(lists: list[company.ListLine]) -> Chart | None:
    """Companies of each list that wait and that are done; each column leads to its list."""
    if not lists:
        return None
    series = [
        Series(_("Waiting"), [line.waiting for line in lists], "accent"),
        Series(_("Done"), [line.done for line in lists], "muted"),
    ]
    urls = [line.url for line in lists]
    names = [line.name for line in lists]
    return charts.bars(_("Call lists"), names, series, unit=Unit.NUMBER, stacked=True, urls=urls)


def marketer(viewer: Viewer, today: date) -> HomePage:
    """Own tasks, and who sells to which market; 3 SQL statements."""
    people = company.people_today(viewer, today)
    context = {
        "days": days_of(today),
        "tasks": work.tasks_due(viewer, today),
        "counts": work.task_counts(viewer, today),
        "people": people,
    }
    return HomePage("web/home/marketer.html", context)


def _capitalised(role: Role) -> str:
    text = str(role.label)
    return text[:1].upper() + text[1:]


def hr(viewer: Viewer, today: date) -> HomePage:
    """Who works here by role, who comes and goes, who cannot sign in; 5 SQL statements."""
    counts = company.people_by_role(viewer, today)
    context = {
        "days": days_of(today),
        "people": sum(counts.values()),
        "chart": _role_chart(counts),
        "moves": company.people_coming_and_going(viewer, today),
        "tasks": work.tasks_due(viewer, today),
        "without": company.without_sign_in(viewer, today),
    }
    return HomePage("web/home/hr.html", context)


def _role_chart(counts: Mapping[str, int]) -> Chart | None:
    """People by role in the order of the levels, then those without a place; each bar leads to its people."""
    rows = [(_capitalised(role), counts[role.value], role.value) for role in Role if counts.get(role.value)]
    if counts.get(""):
        rows.append((_("Without a place"), counts[""], "none"))
    urls = [listed("accounts:people", role=value) for _label, _count, value in rows]
    return charts.levels(_("People by role"), [(label, count) for label, count, _value in rows], urls=urls) if rows else None


@dataclass(frozen=True, slots=True)
class Events:
    """The same deed of one person, done several times in a row."""

    action: str
    who: str
    at: datetime
    count: int


def _grouped(events: list[AuditEvent]) -> list[Events]:
    """Neighbouring events of one actor and action as one line, the newest first."""
    groups = groupby(events, key=lambda event: (event.action, event.actor_id))
    return [_group(list(rows)) for _key, rows in groups]


def _group(rows: list[AuditEvent]) -> Events:
    first = rows[0]
    employee = getattr(first.actor, "employee", None) if first.actor else None
    who = employee.full_name if employee else first.actor.email if first.actor else _("system")
    return Events(action_label(first.action), who, first.at, len(rows))


def administrator(viewer: Viewer, today: date) -> HomePage:
    """Who cannot sign in, what was changed, whether the batch work runs; 5 SQL statements."""
    context = {
        "days": days_of(today),
        "people": sum(company.people_by_role(viewer, today).values()),
        "without": company.without_sign_in(viewer, today),
        "events": _grouped(company.latest_events(viewer, limit=40))[:8],
        "runs": company.latest_runs(viewer),
    }
    return HomePage("web/home/administrator.html", context)
