"""Months and half-open spans of dates `[start, end)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from salesys.kernel.errors import gettext_noop, invalid

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""What people may write: months around the edge of the calendar have no neighbours."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, ordered in time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise invalid(
                "no_such_month",
                gettext_noop("There are months 1 to 12."),
                field="month",
                value=self.number,
                remedy=gettext_noop("Write it like 2026-11."),
            )

    @classmethod
    def of(cls, on: date) -> Self:
        """The month that `on` falls in."""
        return cls(on.year, on.month)

    @classmethod
    def parse(cls, text: str, *, field: str = "month") -> Self:
        """Read `2026-11`.

        Raises:
            InvalidInput: The text is not a year, from 1900 to 2200, and a month.
        """
        try:
            year, number = map(int, text.split("-"))
        except ValueError:
            year, number = 0, 0
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
            raise invalid(
                "not_a_month",
                gettext_noop("This is not a month."),
                field=field,
                value=text,
                remedy=gettext_noop("Write it like 2026-11."),
            )
        return cls(year, number)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.plus(1).first - timedelta(days=1)

    @property
    def span(self) -> DateSpan:
        """The month as `[first day, first day of the next month)`."""
        return DateSpan(self.first, self.plus(1).first)

    def plus(self, months: int) -> Month:
        """The month `months` later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def until(self, other: Month) -> int:
        """How many months later `other` is."""
        return (other.year - self.year) * 12 + other.number - self.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Dates in `[start, end)`; `end` None means that it is still running."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise invalid(
                "empty_span",
                gettext_noop("The end must be after the start."),
                field="end",
                value=self.end,
                remedy=f"Choose a date after {self.start}.",
            )

    def __contains__(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)

    def overlaps(self, other: DateSpan) -> bool:
        """Whether a date exists that lies in both."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def clip(self, other: DateSpan) -> DateSpan | None:
        """The dates that lie in both, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return DateSpan(max(self.start, other.start), min(ends) if ends else None)

    def days(self) -> Iterator[date]:
        """Each date in order; endless when the span is open."""
        on = self.start
        while on in self:
            yield on
            on += timedelta(days=1)


def months_of_year(year: int) -> tuple[Month, ...]:
    """The twelve months of a calendar year, in order."""
    return tuple(Month(year, number) for number in range(1, 13))
