"""The rows of a scheme as the engine's values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from compensation.engine import terms as engine
from compensation.engine.newness import NewUntil
from compensation.schemes.models import Component, SchemeVersion, Tier


def terms_of(component: Component, tiers: tuple[engine.Tier, ...]) -> engine.Terms:
    """The terms of one component; its kind says which columns count, and the database holds them filled."""
    match component.kind:
        case Component.Kind.SALARY:
            return engine.Salary(component.salary_amount or engine.ZERO)
        case Component.Kind.PLAN_BONUS:
            return engine.PlanBonus(tiers, engine.StepUnit(component.step_unit))
        case Component.Kind.TEAM_POOL:
            return engine.TeamPool(component.rate or engine.ZERO, component.breakeven_amount or engine.ZERO)
        case _:
            return _rate(component, tiers)


def _rate(component: Component, tiers: tuple[engine.Tier, ...]) -> engine.Rate:
    return engine.Rate(
        role=engine.CreditRole(component.credit_role),
        basis=engine.Basis(component.basis),
        newness=engine.Newness(component.newness),
        rate=component.rate or engine.ZERO,
        tiers=tiers,
        tier_on=engine.TierOn(component.tier_on or engine.TierOn.AMOUNT),
        tier_mode=engine.TierMode(component.tier_mode or engine.TierMode.MARGINAL),
        floor=component.floor_amount,
        cap=component.cap_amount,
        product_id=component.product_id,
        category=component.category,
        department_id=component.department_id,
    )


def components_of(version_ids: Iterable[int]) -> dict[int, list[tuple[int, engine.Component]]]:
    """Version -> its components with their ids, in order; 2 SQL statements."""
    wanted = list(version_ids)
    tiers: dict[int, list[engine.Tier]] = defaultdict(list)
    for tier in Tier.all_rows.filter(component__version__in=wanted).order_by("component", "position"):
        tiers[tier.component_id].append(engine.Tier(tier.lower, tier.upper, tier.value))
    found: dict[int, list[tuple[int, engine.Component]]] = {version_id: [] for version_id in wanted}
    for row in Component.all_rows.filter(version__in=wanted).order_by("version", "position"):
        part = engine.Component(row.code, row.name, terms_of(row, tuple(tiers[row.pk])))
        found[row.version_id].append((row.pk, part))
    return found


def scheme_terms(version: SchemeVersion) -> engine.SchemeTerms:
    """A whole version as the engine sees it; 2 SQL statements."""
    parts = tuple(part for _id, part in components_of([version.pk])[version.pk])
    return engine.SchemeTerms(parts, NewUntil.parse(version.new_until))
