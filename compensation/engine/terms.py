"""The terms of a pay scheme as values: what each component promises, as it stands in one version of the scheme."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from compensation.engine.newness import FIRST_DEAL, NewUntil

ZERO = Decimal(0)


class ComponentKind(StrEnum):
    """What a component of a scheme does."""

    SALARY = "salary"
    RATE = "rate"
    PLAN_BONUS = "plan_bonus"
    TEAM_POOL = "team_pool"


class CreditRole(StrEnum):
    """In which capacity a person has a share of a payment; equal to the kinds of client relationships."""

    HUNTER = "hunter"
    ACCOUNT_MANAGER = "account_manager"
    TELESALES = "telesales"
    VIP = "vip"


class Basis(StrEnum):
    """What a rate is taken of."""

    REVENUE = "revenue"
    MARGIN = "margin"


class Newness(StrEnum):
    """Which payments a rate is for."""

    ANY = "any"
    NEW = "new"
    RESIDUAL = "residual"


class TierMode(StrEnum):
    """Whether a tier's rate holds for the part inside the tier or for the whole basis."""

    MARGINAL = "marginal"
    WHOLE = "whole"


class TierOn(StrEnum):
    """What decides in which tier a payee stands."""

    AMOUNT = "amount"
    ATTAINMENT = "attainment"


class StepUnit(StrEnum):
    """What a step of a plan bonus pays."""

    SUM = "sum"
    SALARY_SHARE = "salary_share"


@dataclass(frozen=True, slots=True)
class Tier:
    """From `lower` (included) to `upper` (excluded; None: without end) `value` holds: a rate, a sum or a share."""

    lower: Decimal
    upper: Decimal | None
    value: Decimal

    def holds(self, measure: Decimal) -> bool:
        """Whether the measure lies in `[lower, upper)`."""
        return self.lower <= measure and (self.upper is None or measure < self.upper)


@dataclass(frozen=True, slots=True)
class Salary:
    """A monthly amount, prorated by worked days."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of the credited basis.

    Without tiers, floor and cap each credit earns `rate` of its basis on a line of its own. With any of them the credits
    of a month are summed first and one line is earned. `floor` and `cap` bound that line; None means no bound. `product_id`,
    `category` and `department_id` (where the payee stands on the date) narrow the payments that count; empty means all.
    """

    role: CreditRole
    basis: Basis = Basis.MARGIN
    newness: Newness = Newness.ANY
    rate: Decimal = ZERO
    tiers: tuple[Tier, ...] = ()
    tier_on: TierOn = TierOn.AMOUNT
    tier_mode: TierMode = TierMode.MARGINAL
    floor: Decimal | None = None
    cap: Decimal | None = None
    product_id: int | None = None
    category: str = ""
    department_id: int | None = None

    @property
    def is_summed(self) -> bool:
        """Whether the month is summed before it is paid, rather than each credit paid on its own."""
        return bool(self.tiers) or self.floor is not None or self.cap is not None


@dataclass(frozen=True, slots=True)
class PlanBonus:
    """Steps on plan attainment (1 = 100 %): a sum, or a share of the monthly salary."""

    steps: tuple[Tier, ...]
    unit: StepUnit = StepUnit.SUM


@dataclass(frozen=True, slots=True)
class TeamPool:
    """A share of what the department collects above its breakeven, divided among its members."""

    rate: Decimal
    breakeven: Decimal


Terms = Salary | Rate | PlanBonus | TeamPool


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a scheme; `code` names it within the scheme and stays the same from version to version."""

    code: str
    name: str
    terms: Terms

    @property
    def kind(self) -> ComponentKind:
        """Which kind the terms are of."""
        match self.terms:
            case Salary():
                return ComponentKind.SALARY
            case Rate():
                return ComponentKind.RATE
            case PlanBonus():
                return ComponentKind.PLAN_BONUS
            case _:
                return ComponentKind.TEAM_POOL


@dataclass(frozen=True, slots=True)
class SchemeTerms:
    """A version of a scheme: its components in order, and until when a client counts as new."""

    components: tuple[Component, ...]
    new_until: NewUntil = field(default=FIRST_DEAL)

    @property
    def salary(self) -> Decimal:
        """The sum of the monthly salaries, the base of bonuses that are a share of salary."""
        return sum((part.terms.amount for part in self.components if isinstance(part.terms, Salary)), ZERO)
