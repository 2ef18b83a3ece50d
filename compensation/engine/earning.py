"""What each kind of component earns from its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compensation.engine.terms import PlanBonus, Rate, Salary, StepUnit, TeamPool, TierOn
from compensation.engine.tiers import ZERO, by_amount, by_attainment, tier_of
from compensation.engine.trace import Earned, Piece, PieceKind, earned
from salesys.kernel.allocation import allocate_money
from salesys.kernel.errors import invalid


def earn_salary(terms: Salary, *, worked_days: int, norm_days: int) -> Earned:
    """The monthly amount times worked days of norm days.

    Args:
        terms: The salary of a whole month.
        worked_days: Working days of the month on which the terms held for the payee.
        norm_days: Working days of the month; in a month without any, nothing is earned.

    Raises:
        InvalidInput: More days worked than the month has, or fewer than none.
    """
    if not 0 <= worked_days <= norm_days:
        raise invalid(
            "worked_days_out_of_month",
            "Nobody works more days than the month has.",
            field="worked_days",
            value=worked_days,
            remedy=f"Use 0 to {norm_days}.",
        )
    share = Decimal(worked_days) / norm_days if norm_days else ZERO
    amount = terms.amount * worked_days / norm_days if norm_days else ZERO
    return earned(Piece(PieceKind.PRORATED, terms.amount, round(share, 6), amount))


def earn_rate(terms: Rate, basis_amount: Decimal, *, attainment: Decimal | None = None) -> Earned:
    """A share of the basis of one credit, or of a month's credits where tiers, floor or cap ask for the sum.

    Args:
        terms: The rate with its tiers and bounds.
        basis_amount: Credited revenue or margin, negative where refunds prevail.
        attainment: Fact over plan, 1 for 100 %; None when there is no plan, which counts as nothing attained.
    """
    pieces = _rated(terms, basis_amount, attainment or ZERO)
    return earned(*pieces, *_bounds(terms, sum((piece.amount for piece in pieces), ZERO)))


def _rated(terms: Rate, base: Decimal, attainment: Decimal) -> tuple[Piece, ...]:
    if not terms.tiers:
        return (Piece(PieceKind.RATED, base, terms.rate, base * terms.rate),)
    if terms.tier_on is TierOn.AMOUNT:
        return by_amount(terms.tiers, terms.tier_mode, base)
    return by_attainment(terms.tiers, terms.tier_mode, base, attainment)


def _bounds(terms: Rate, amount: Decimal) -> tuple[Piece, ...]:
    """The piece that lifts the amount to the floor or brings it within the cap, which holds for refunds as for payments."""
    if terms.floor is not None and amount < terms.floor:
        return (Piece(PieceKind.FLOOR, terms.floor, Decimal(1), terms.floor - amount),)
    if terms.cap is not None and amount > terms.cap:
        return (Piece(PieceKind.CAP, terms.cap, Decimal(1), terms.cap - amount),)
    if terms.cap is not None and amount < -terms.cap:
        return (Piece(PieceKind.CAP, -terms.cap, Decimal(1), -terms.cap - amount),)
    return ()


def earn_plan_bonus(terms: PlanBonus, *, attainment: Decimal | None, salary: Decimal) -> Earned:
    """The step that the attainment reached.

    Args:
        terms: The steps.
        attainment: Fact over plan, 1 for 100 %; None without a plan: nothing is earned, and the trace says why.
        salary: The whole monthly salary, the base of steps that are a share of it.
    """
    if attainment is None:
        return earned(Piece(PieceKind.NO_PLAN, ZERO, ZERO, ZERO))
    step = tier_of(terms.steps, attainment)
    base = salary if terms.unit is StepUnit.SALARY_SHARE else Decimal(1)
    return earned(Piece(PieceKind.STEP, base, step.value, base * step.value, step.lower, step.upper))


def team_fund(terms: TeamPool, *, collections: Decimal) -> Earned:
    """The department's fund: rate x what was collected above the breakeven, never below zero."""
    above = max(collections - terms.breakeven, ZERO)
    return earned(Piece(PieceKind.POOL, above, terms.rate, above * terms.rate, lower=terms.breakeven))


def share_team_fund(fund: Earned, weights: Sequence[Decimal]) -> tuple[Earned, ...]:
    """Divide a fund among the members, exact to the kopeck.

    Args:
        fund: What `team_fund` gave.
        weights: One per member: the shares that the head has set, or the days worked in the month.

    Returns:
        One result per weight in the same order; the amounts add up to the fund.
    """
    whole = sum(weights, ZERO)
    parts = allocate_money(fund.amount, weights)
    return tuple(
        Earned(part, (*fund.pieces, Piece(PieceKind.SHARE, fund.amount, _share(weight, whole, len(weights)), part)))
        for part, weight in zip(parts, weights, strict=True)
    )


def _share(weight: Decimal, whole: Decimal, members: int) -> Decimal:
    return round(weight / whole if whole else Decimal(1) / members, 6)
