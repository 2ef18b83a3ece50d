"""Effective-dated rows: a fact holds on the dates in `valid`, a half-open range `[from, to)`.

History is never overwritten: a change closes one row and opens the next. Overlaps are refused by exclusion constraints over
range expressions, which need no extension of PostgreSQL.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value

from salesys.kernel.errors import invalid
from salesys.kernel.periods import DateSpan


class EffectiveDated(models.Model):
    """A fact with the dates on which it holds."""

    valid = DateRangeField()

    class Meta:
        abstract = True

    @property
    def valid_from(self) -> date:
        """The first date on which the fact holds."""
        return cast("date", self.valid.lower)

    @property
    def valid_to(self) -> date | None:
        """The first date on which it no longer holds; None while it is open."""
        return self.valid.upper

    def close_on(self, on: date) -> None:
        """End the fact so that `on` is the first date on which it no longer holds; the caller saves."""
        if on <= self.valid_from:
            raise invalid(
                "ends_before_start",
                "This would end before it began.",
                field="from_on",
                value=on,
                remedy=f"Choose a date after {self.valid_from}.",
            )
        self.valid = DateRange(self.valid_from, on)


def from_date(start: date, end: date | None = None) -> DateRange:
    """The range `[start, end)` for a `valid` field; raises `InvalidInput` when it would be empty."""
    DateSpan(start, end)
    return DateRange(start, end)


def holds_on(on: date, *, prefix: str = "") -> Q:
    """Rows (or related rows behind `prefix__`) whose `valid` contains the date."""
    return Q(**{f"{prefix}valid__contains": on})


def no_overlap(*keys: str, name: str, condition: Q | None = None) -> ExclusionConstraint:
    """Refuse two rows with the same integer `keys` and overlapping `valid`.

    Each key becomes a range of one number, because ranges have GiST operators in core and plain integers do not.
    """
    expressions: list[Any] = [(Func(F(key), F(key), Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for key in keys]
    return ExclusionConstraint(name=name, expressions=[*expressions, ("valid", RangeOperators.OVERLAPS)], condition=condition)
