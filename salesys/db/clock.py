"""Today and now as the company sees them: one place, so that a test or a replay can say what day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from salesys.db.organisation import company_time_zone


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in the company's time zone."""
    return now().astimezone(company_time_zone()).date()


def yesterday() -> date:
    """The last whole day in the company's time zone."""
    return today() - timedelta(days=1)
