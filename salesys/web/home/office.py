"""Start pages around the conveyor: accountant, base manager, marketer, HR, administrator."""

from __future__ import annotations

from collections import Counter
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
from salesys.shell import charts, formats
from salesys.shell.charts import Chart, Series, Unit
from salesys.web.home.page import HomePage, days_of
from salesys.web.links import address
from salesys.web.queries import company, money, work

DAYS = 30


def accountant(viewer: Viewer, today: date) -> HomePage:
    """Payments to enter, those that nobody is credited for, the periods, the runs; 9 SQL statements."""
    by_day = money.collected_by_day(viewer, today, days=DAYS)
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
    )


def base_manager(viewer: Viewer, today: date) -> HomePage:
    """Lists that run empty, rows of imports to decide, tasks; 5 SQL statements."""
    lists = company.call_lists(viewer, limit=12)
    issue_count, issues = company.import_issues(viewer)
    chart = None
    if lists:
        series = [
            Series(_("Waiting"), [line.waiting for line in lists], "accent"),
            Series(_("Done"), [line.done for line in lists], "muted"),
        ]
        chart = charts.bars(_("Call lists"), [line.name for line in lists], series, unit=Unit.NUMBER, stacked=True)
    context = {
        "days": days_of(today),
        "lists": lists,
        "waiting": sum(line.waiting for line in lists),
        "issue_count": issue_count,
        "issues": issues,
        "tasks": work.tasks_due(viewer, today),
        "chart": chart,
    }
    return HomePage("web/home/base_manager.html", context)


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
    people = company.people_today(viewer, today)
    counts = Counter(person.role for person in people)
    order = [(role, counts[role.value]) for role in Role if counts[role.value]]
    rows = [(_capitalised(role), count) for role, count in order]
    context = {
        "days": days_of(today),
        "people": len(people),
        "chart": charts.levels(_("People by role"), rows) if rows else None,
        "moves": company.people_coming_and_going(viewer, today),
        "tasks": work.tasks_due(viewer, today),
        "without": company.without_sign_in(viewer, today),
    }
    return HomePage("web/home/hr.html", context)


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
        "people": len(company.people_today(viewer, today)),
        "without": company.without_sign_in(viewer, today),
        "events": _grouped(company.latest_events(viewer, limit=40))[:8],
        "runs": company.latest_runs(viewer),
    }
    return HomePage("web/home/administrator.html", context)
