"""The rows of a scheme as the engine's values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from compensation.engine import terms as engine
from compensation.engine.checks import component_issues, no_tiers
from compensation.engine.newness import NewUntil
from compensation.schemes.models import Component, SchemeVersion, Tier
from salesys.kernel.errors import Issue


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


@dataclass(frozen=True, slots=True)
class StoredComponent:
    """A component of a version as it is stored; `is_tiered` says that it was saved with tiers, whether or not they are there."""

    component_id: int
    part: engine.Component
    is_tiered: bool

    @property
    def issue(self) -> Issue | None:
        """Why nothing can be computed from what is stored, if so; terms that were saved through the services are sound."""
        terms = self.part.terms
        if self.is_tiered and isinstance(terms, engine.Rate) and not terms.tiers:
            return no_tiers(f"{self.part.code}.tiers")
        return next(iter(component_issues(self.part)), None)


def stored_components(version_ids: Iterable[int]) -> dict[int, list[StoredComponent]]:
    """Version -> its components as they are stored, in order; 2 SQL statements."""
    wanted = list(version_ids)
    tiers: dict[int, list[engine.Tier]] = defaultdict(list)
    for tier in Tier.all_rows.filter(component__version__in=wanted).order_by("component", "position"):
        tiers[tier.component_id].append(engine.Tier(tier.lower, tier.upper, tier.value))
    found: dict[int, list[StoredComponent]] = {version_id: [] for version_id in wanted}
    for row in Component.all_rows.filter(version__in=wanted).order_by("version", "position"):
        part = engine.Component(row.code, row.name, terms_of(row, tuple(tiers[row.pk])))
        found[row.version_id].append(StoredComponent(row.pk, part, bool(row.tier_on)))
    return found


def components_of(version_ids: Iterable[int]) -> dict[int, list[tuple[int, engine.Component]]]:
    """Version -> its components with their ids, in order; 2 SQL statements."""
    stored = stored_components(version_ids)
    return {version_id: [(each.component_id, each.part) for each in parts] for version_id, parts in stored.items()}


def scheme_terms(version: SchemeVersion) -> engine.SchemeTerms:
    """A whole version as the engine sees it; 2 SQL statements."""
    parts = tuple(part for _id, part in components_of([version.pk])[version.pk])
    return engine.SchemeTerms(parts, NewUntil.parse(version.new_until))
