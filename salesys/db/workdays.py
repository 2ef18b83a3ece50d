"""Working days, for everyone who promises something "by the next working day".

The country's holidays come from the `holidays` library; the company's own corrections are kept in a street above, which
registers them here (`use_corrections`), because imports point down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from salesys.db.organisation import organisation

Correction = Callable[[date], bool | None]
CorrectionsBetween = Callable[[date, date], Mapping[date, bool]]
_corrections: list[Correction] = []
_between: list[CorrectionsBetween] = []


def use_corrections(correction: Correction, between: CorrectionsBetween | None = None) -> None:
    """Ask `correction` first: True and False decide, None leaves the day to the country's calendar.

    `between` answers the same for every corrected date of a stretch, both ends included, at once.
    """
    _corrections[:] = [correction]
    _between[:] = [between] if between is not None else []


@lru_cache(maxsize=8)
def _country(code: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(code)
    except NotImplementedError:
        return None


@lru_cache(maxsize=4096)
def _is_working_in(code: str, on: date) -> bool:
    calendar = _country(code)
    return bool(calendar.is_working_day(on)) if calendar is not None else on.weekday() < 5


def is_working_day(on: date) -> bool:
    """Whether the company works on the date; a country without a calendar works from Monday to Friday."""
    for correction in _corrections:
        if (decided := correction(on)) is not None:
            return decided
    return _is_working_in(organisation().country, on)


def working_days_between(first: date, last: date) -> frozenset[date]:
    """The dates of a stretch, both ends included, on which the company works; at most 1 SQL statement."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    if not _between:
        return frozenset(filter(is_working_day, days))
    corrected, country = _between[0](first, last), organisation().country
    return frozenset(day for day in days if (corrected[day] if day in corrected else _is_working_in(country, day)))


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that a country keeps, by its name."""

    on: date
    name: str


def holidays_between(first: date, last: date, *, language: str = "en") -> tuple[Holiday, ...]:
    """What the company's country keeps on the dates from `first` to `last`, in order; corrections are not among it.

    Args:
        first: First date.
        last: Last date, included.
        language: Of the names, where the country's calendar has them in it; else English, else the country's own.
    """
    years = tuple(range(first.year, last.year + 1))
    known = _named_holidays(organisation().country, years, language)
    return tuple(Holiday(on, name) for on, name in known if first <= on <= last)


@lru_cache(maxsize=16)
def _named_holidays(code: str, years: tuple[int, ...], language: str) -> tuple[tuple[date, str], ...]:
    calendar = _country(code)
    if calendar is None:
        return ()
    spoken = (calendar.supported_languages or ()) if language else ()
    chosen = next((name for wanted in (language, "en") for name in spoken if name.split("_")[0] == wanted), None)
    return tuple(sorted(holidays.country_holidays(code, years=years, language=chosen).items()))


def working_days_from(on: date) -> Iterator[date]:
    """Working days in order, `on` included if it is one."""
    while True:
        if is_working_day(on):
            yield on
        on += timedelta(days=1)


def next_working_day(after: date) -> date:
    """The first working day after the date."""
    return next(working_days_from(after + timedelta(days=1)))
