"""Start pages of the conveyor's first levels: telesales and assistants."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from pipeline.models import Task
from planning.engine.activities import Activity
from salesys.db.organisation import company_time_zone
from salesys.db.scope import Viewer
from salesys.web.home.page import HomePage, days_of, done_of, last_days, pace_chart
from salesys.web.links import address, listed
from salesys.web.queries import company, work


def telesales(viewer: Viewer, today: date) -> HomePage:
    """The next call, today's norms, promised calls; 8 SQL statements."""
    days = last_days(today)
    calls = work.calls_by_day(viewer, today, days=(today - days[0]).days + 1)
    norms = work.norms_today(viewer, today, done_of(calls.get(today, work.CallDay())))
    targets = work.targets_by_day(viewer, Activity.DIALS, days[0], today)
    end_of_day = datetime.combine(today + timedelta(days=1), time(), company_time_zone())
    context = {
        "days": days_of(today),
        "norms": norms,
        "call_url": address("pipeline:cockpit"),
        "promised": work.call_backs(viewer, end_of_day),
        "lists": company.call_lists(viewer, limit=5),
        "tasks": work.tasks_due(viewer, today, limit=6),
        "chart": pace_chart(_("Dials by day"), days, targets, {day: done.dials for day, done in calls.items()}),
        "warm_url": listed("pipeline:call_log", outcome="contacts", since=today - timedelta(days=6), until=today),
        "warm_week": sum(done.warm for day, done in calls.items() if day > today - timedelta(days=7)),
    }
    return HomePage("web/home/telesales.html", context)


def assistant(viewer: Viewer, today: date) -> HomePage:
    """The research queue in the order of the calls it serves, today's norm; 7 SQL statements."""
    days = last_days(today)
    done = work.cards_done(viewer, today, days=(today - days[0]).days + 1)
    targets = work.targets_by_day(viewer, Activity.RESEARCH_CARDS, days[0], today)
    research = work.tasks_due(viewer, today, limit=20, kind=Task.Kind.RESEARCH)
    context = {
        "days": days_of(today),
        "norms": work.norms_today(viewer, today, {Activity.RESEARCH_CARDS: done.get(today, 0)}),
        "research": research,
        "next": research[0] if research else None,
        "next_url": address("pipeline:research_next"),
        "counts": work.task_counts(viewer, today, kind=Task.Kind.RESEARCH),
        "tasks": [task for task in work.tasks_due(viewer, today, limit=20) if task.kind != Task.Kind.RESEARCH],
        "chart": pace_chart(_("Cards by day"), days, targets, done),
    }
    return HomePage("web/home/assistant.html", context)
