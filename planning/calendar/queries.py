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
def _working_days(country: str, year: int) -> frozenset[date]:
    """The working days of a year, found out once: the library takes its time."""
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    try:
        known = holidays.country_holidays(country, years=(year - 1, year, year + 1))
    except NotImplementedError:
        return frozenset(day for day in days if day.weekday() < 5)
    return frozenset(day for day in days if known.is_working_day(day))


def usual_hours(on: date) -> int:
    """Hours of a date by the country's calendar alone; Monday to Friday where the country is unknown."""
    return FULL_DAY_HOURS if on in _working_days(organisation().country, on.year) else 0


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
