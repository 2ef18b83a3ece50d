"""Concrete work of the next days: which companies are called, and which cards are prepared before these calls."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from planning.bulk import drop_scratch, execute, select, statement
from planning.calendar.queries import workdays
from planning.cascade.funnels import Horizon

SQL = Path(__file__).parent / "sql"
ITEM_WORKDAYS = 3
"""For how many working days calls are named, the first included; further away lists change too much."""

CARD_MONTHS = 6
"""How long a research card stays fresh."""


def write_items(horizon: Horizon) -> tuple[int, int]:
    """Name the calls of the next working days and ask the paired assistants for the cards that they need.

    Calls that are named already stay, so a second run adds nothing. A card is due one working day before its call; a call so
    near that no working day is left before it gets none. 8 SQL statements beside the calendar's, whatever the number of people.

    Returns:
        How many calls and how many cards were added.
    """
    days = [day.on for day in workdays(horizon.from_on, horizon.plan.months[-1].last) if day.hours][:ITEM_WORKDAYS]
    parameters = {
        "plan": horizon.plan.pk,
        "days": days,
        "card_days": [None, *days[:-1]][: len(days)],
        "first_day": horizon.from_on,
        "fresh_months": CARD_MONTHS,
        "title": _("Prepare the card"),
    }
    for name in ("call_slots", "call_entries", "named_calls", "asked_cards"):
        execute(statement(SQL / f"{name}.sql"), parameters)
    ((calls, cards),) = select(statement(SQL / "items.sql"), parameters)
    drop_scratch("cascade_slot", "cascade_entry", "cascade_call", "cascade_card")
    return int(calls), int(cards)
