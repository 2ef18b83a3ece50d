"""Working days, for everyone who promises something "by the next working day".

The country's holidays come from the `holidays` library; the company's own corrections are kept in a street above, which
registers them here (`use_corrections`), because imports point down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

from salesys.db.organisation import organisation

Correction = Callable[[date], bool | None]
_corrections: list[Correction] = []


def use_corrections(correction: Correction) -> None:
    """Ask `correction` first: True and False decide, None leaves the day to the country's calendar."""
    _corrections[:] = [correction]


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


def working_days_from(on: date) -> Iterator[date]:
    """Working days in order, `on` included if it is one."""
    while True:
        if is_working_day(on):
            yield on
        on += timedelta(days=1)


def next_working_day(after: date) -> date:
    """The first working day after the date."""
    return next(working_days_from(after + timedelta(days=1)))
