"""Tiers: contiguous spans `[lower, upper)` from zero, each with a rate or a sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from compensation.engine.terms import Tier, TierMode
from compensation.engine.trace import Piece, PieceKind
from salesys.kernel.allocation import allocate_money
from salesys.kernel.errors import invalid
from salesys.kernel.money import KOPECK

ZERO = Decimal(0)


def tier_of(tiers: Sequence[Tier], measure: Decimal) -> Tier:
    """The tier in which the measure lies; below zero the first one holds.

    Raises:
        InvalidInput: There is a gap where the measure lies; tiers that were saved have none.
    """
    for tier in tiers:
        if tier.holds(max(measure, ZERO)):
            return tier
    raise invalid("no_tier_holds", "No tier holds for this.", field="tiers", value=measure, remedy="Close the gap.")


def by_amount(tiers: Sequence[Tier], mode: TierMode, base: Decimal) -> tuple[Piece, ...]:
    """What `base` earns when its own size decides.

    A negative base (more refunds than payments) is the mirror image of the positive one, so that a refund takes back what
    an equal payment brought.
    """
    if base < 0:
        return tuple(_negated(piece) for piece in by_amount(tiers, mode, -base))
    if mode is TierMode.WHOLE:
        return (_piece(tier_of(tiers, base), base),)
    return tuple(_piece(tier, part) for tier, part in zip(tiers, _parts(tiers, base), strict=True) if part or tier is tiers[0])


def by_attainment(tiers: Sequence[Tier], mode: TierMode, base: Decimal, attainment: Decimal) -> tuple[Piece, ...]:
    """What `base` earns when plan attainment decides.

    Whole: the rate of the tier that the attainment reached, for all of the base. Marginal: the base is divided over the
    tiers as the attainment is, to the kopeck, and each part earns its tier's rate.
    """
    reached = max(attainment, ZERO)
    if mode is TierMode.WHOLE or not reached:
        return (_piece(tier_of(tiers, reached), base),)
    shares = list(_parts(tiers, reached))
    parts = allocate_money(base.quantize(KOPECK), shares)
    return tuple(_piece(tier, part) for tier, share, part in zip(tiers, shares, parts, strict=True) if share)


def _parts(tiers: Sequence[Tier], measure: Decimal) -> Iterator[Decimal]:
    """How much of the measure lies in each tier."""
    for tier in tiers:
        top = measure if tier.upper is None else min(measure, tier.upper)
        yield max(top - tier.lower, ZERO)


def _piece(tier: Tier, base: Decimal) -> Piece:
    return Piece(PieceKind.TIER, base, tier.value, base * tier.value, tier.lower, tier.upper)


def _negated(piece: Piece) -> Piece:
    return Piece(piece.kind, -piece.base, piece.factor, -piece.amount, piece.lower, piece.upper)
