"""When clients may be called: on working days from nine to six, by the clock on their own wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from salesys.db.organisation import company_time_zone, organisation
from salesys.db.workdays import is_working_day, working_days_between, working_days_from

OPENS_AT, CLOSES_AT = time(9), time(18)
LONGEST_HOLIDAYS = timedelta(days=21)
QUARTER = timedelta(minutes=15)
"""Zones differ by quarters of an hour at the finest, so what is open changes only between quarters."""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a client; the company's own where none is known."""
    return ZoneInfo(name or organisation().time_zone)


def is_open(zone: str, at: datetime) -> bool:
    """Whether clients in `zone` may be called at an instant."""
    local = at.astimezone(zone_of(zone))
    return OPENS_AT <= local.time() < CLOSES_AT and is_working_day(local.date())


def quarter_of(at: datetime) -> int:
    """The quarter of an hour that an instant falls in, counted from 1970."""
    return int(at.timestamp() // QUARTER.total_seconds())


def open_zones(quarter: int) -> list[str]:
    """Time zones whose clients may be called in a quarter of an hour; the empty one stands for the company's own."""
    at = datetime.fromtimestamp(quarter * QUARTER.total_seconds(), UTC)
    local = {zone: at.astimezone(ZoneInfo(zone)) for zone in available_timezones()}
    working = {on for on in {there.date() for there in local.values()} if is_working_day(on)}
    zones = sorted(zone for zone, there in local.items() if _is_between(there) and there.date() in working)
    return [*zones, ""] if organisation().time_zone in zones else zones


def _is_between(there: datetime) -> bool:
    return OPENS_AT <= there.time() < CLOSES_AT


def next_opening(zone: str, after: datetime) -> datetime:
    """The first instant from `after` on at which clients in `zone` may be called, in UTC."""
    if is_open(zone, after):
        return after
    local = after.astimezone(zone_of(zone))
    first = local.date() if local.time() < OPENS_AT else local.date() + timedelta(days=1)
    return datetime.combine(next(working_days_from(first)), OPENS_AT, zone_of(zone)).astimezone(UTC)


def working_days_before(at: datetime, days: int) -> datetime:
    """The same hour so many working days of our own company earlier, on a day that it works; at most 1 SQL statement.

    Args:
        at: A day off counts as the evening of the working day before it.
        days: At least 1. Where holidays last longer than `LONGEST_HOLIDAYS`, their first day is taken.
    """
    local = at.astimezone(company_time_zone())
    earliest = local.date() - timedelta(days=days) - LONGEST_HOLIDAYS
    worked = sorted(working_days_between(earliest, local.date()), reverse=True)
    return datetime.combine(worked[days] if len(worked) > days else earliest, local.time(), local.tzinfo)
