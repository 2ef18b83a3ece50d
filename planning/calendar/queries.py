"""Working days of the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from planning.calendar.models import CalendarCorrection
from salesys.db.organisation import organisation
from salesys.kernel.periods import Month

FULL_DAY_HOURS = 8
FURTHEST_DAYS = 60
YEARS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Workday:
    """A date and its working hours; zero is a day off."""

    on: date
    hours: int


@lru_cache(maxsize=YEARS_KEPT)
def _holidays(country: str, year: int) -> holidays.HolidayBase | None:
    if country not in holidays.list_supported_countries(include_aliases=False):
        return None
    return holidays.country_holidays(country, years=(year - 1, year, year + 1))


def usual_hours(on: date) -> int:
    """Hours of a date by the country's calendar alone; Monday to Friday where the country is unknown."""
    known = _holidays(organisation().country, on.year)
    is_working = on.weekday() < 5 if known is None else known.is_working_day(on)
    return FULL_DAY_HOURS if is_working else 0


def workdays(first: date, last: date) -> tuple[Workday, ...]:
    """Every date from `first` to `last`, both included, with its hours after the company's corrections; 1 SQL statement."""
    corrected = dict(CalendarCorrection.all_rows.filter(on__range=(first, last)).values_list("on", "hours"))
    dates = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return tuple(Workday(on, corrected[on] if on in corrected else usual_hours(on)) for on in dates)


def workdays_of(month: Month) -> tuple[Workday, ...]:
    """Every date of a month; 1 SQL statement."""
    return workdays(month.first, month.last)


def previous_workday(on: date) -> date:
    """The last date with working hours before `on`; 1 SQL statement."""
    days = workdays(on - timedelta(days=FURTHEST_DAYS), on - timedelta(days=1))
    return next(day.on for day in reversed(days) if day.hours)
