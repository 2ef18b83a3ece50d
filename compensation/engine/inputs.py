"""What the earnings of a month follow from, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from compensation.engine.terms import Component
from salesys.kernel.errors import Issue

NO_DEPARTMENT = 0


class EarningKey(NamedTuple):
    """What a line of the month is for; `department_id` is that of a team pool, else 0."""

    payee_id: int
    component_id: int
    department_id: int = NO_DEPARTMENT


@dataclass(frozen=True, slots=True)
class Cover:
    """A payee is paid by a version of a scheme in a department, on the dates `[from_on, until_on)` of the month."""

    payee_id: int
    department_id: int
    scheme_id: int
    version_id: int
    from_on: date
    until_on: date


class Version(NamedTuple):
    """Whose version a version is, and since when it holds."""

    scheme_id: int
    from_on: date


@dataclass(frozen=True, slots=True)
class Attained:
    """Plan and fact of a payee in the month; `ratio` is None where there is no plan to attain."""

    plan: Decimal
    fact: Decimal
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthInputs:
    """All that a month's earnings follow from.

    Attributes:
        covers: Who is paid by what, clipped to the month.
        components: Version -> its components with their ids, in order; of those that hold in the month, and of those that what
            is summed was credited under (a refund as its original was).
        versions: Version -> its scheme and first day; those of `covers` are known without.
        sums: (payee, component, department or 0) -> credited basis of the month, of components that are summed.
        attained: Payee -> plan and fact; payees who are missing have no plan.
        worked_days: Working days in `[from, until)`.
        norm_days: Working days of the month.
        weights: (department, payee) -> part of the pool as its head has set it; empty for days worked.
        are_days_paid: Whether salaries, bonuses and floors are earned: not before the ledger begins.
        unsound: Component -> why nothing can be computed from its terms as they are stored.
    """

    covers: Sequence[Cover]
    components: Mapping[int, Sequence[tuple[int, Component]]]
    versions: Mapping[int, Version] = field(default_factory=dict)
    sums: Mapping[EarningKey, Decimal] = field(default_factory=dict)
    attained: Mapping[int, Attained] = field(default_factory=dict)
    worked_days: Callable[[date, date], int] = lambda _from_on, _until_on: 0
    norm_days: int = 0
    weights: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    are_days_paid: bool = True
    unsound: Mapping[int, Issue] = field(default_factory=dict)

    def version(self, version_id: int) -> Version:
        """Whose a version is; one of which nothing is said is the only one of its scheme."""
        if version_id in self.versions:
            return self.versions[version_id]
        cover = next((cover for cover in self.covers if cover.version_id == version_id), None)
        return Version(cover.scheme_id, cover.from_on) if cover else Version(-version_id, date.min)
