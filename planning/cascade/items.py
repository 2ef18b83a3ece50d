"""Concrete work of the next days: which companies are called, and which cards are prepared before these calls."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from planning.bulk import drop_scratch, execute, select, statement
from planning.calendar.queries import FURTHEST_DAYS, workdays
from planning.cascade.funnels import Horizon
from salesys.db import clock

SQL = Path(__file__).parent / "sql"
ITEM_WORKDAYS = 3
"""For how many working days calls are named, the first included; further away lists change too much."""

CARD_MONTHS = 6
"""How long a research card stays fresh."""


def write_items(horizon: Horizon) -> tuple[int, int]:
    """Name the calls of the next working days and ask assistants for the cards that they need.

    Of today and the next working days only those within the horizon: next year's plan names calls when its first working days
    are near. Calls that are named already stay, so a second run adds nothing. A card is due one working day before its call,
    which may lie before the horizon; a call of today gets none. 8 SQL statements beside the calendar's, whatever the number of
    people.

    Returns:
        How many calls and how many cards were added.
    """
    near = _next_workdays(clock.today())
    named = [(on, before) for on, before in zip(near, [None, *near[:-1]], strict=True) if _is_within(horizon, on)]
    if not named:
        return 0, 0
    parameters = {
        "plan": horizon.plan.pk,
        "days": [on for on, _before in named],
        "card_days": [before for _on, before in named],
        "today": clock.today(),
        "first_day": named[0][0],
        "fresh_months": CARD_MONTHS,
        **_titles(),
    }
    for name in ("call_slots", "call_entries", "named_calls", "asked_cards"):
        execute(statement(SQL / f"{name}.sql"), parameters)
    ((calls, cards),) = select(statement(SQL / "items.sql"), parameters)
    drop_scratch("cascade_slot", "cascade_entry", "cascade_call", "cascade_card")
    return int(calls), int(cards)


def _next_workdays(today: date) -> list[date]:
    """Today, if it is a working day, and the working days after it: as many as get items; 1 SQL statement."""
    days = workdays(today, today + timedelta(days=FURTHEST_DAYS))
    return [day.on for day in days if day.hours][:ITEM_WORKDAYS]


def _is_within(horizon: Horizon, on: date) -> bool:
    return horizon.from_on <= on <= horizon.plan.months[-1].last


def _titles() -> dict[str, object]:
    """The title of a research task in the language of the process, and in each that an assistant may read."""
    languages = [code for code, _name in settings.LANGUAGES]
    return {"title": _("Prepare the card"), "languages": languages, "titles": [_title_in(code) for code in languages]}


def _title_in(language: str) -> str:
    with override(language):
        return _("Prepare the card")
