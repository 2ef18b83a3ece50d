"""Today's targets of a caller. They are made by planning, a street above, which registers its answer here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

Lookup = Callable[[int, date], Mapping[str, int]]
"""Employee and date -> activity code (`dials`, `conversations`, `warm_contacts`) -> how many."""

_lookups: list[Lookup] = []


def use_norms(lookup: Lookup) -> None:
    """Let the cockpit show these targets; called once, by planning."""
    _lookups[:] = [lookup]


def norms_of(employee_id: int, on: date) -> Mapping[str, int]:
    """The person's targets of the date; empty where nobody has planned any."""
    return _lookups[0](employee_id, on) if _lookups else {}
