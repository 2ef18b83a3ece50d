"""The example schemes of a hunter and a farmer, for a trial and for a first installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.people.models import User
from accounts.roles import Role
from compensation.engine.newness import FIRST_DEAL, NewUntil
from compensation.engine.terms import (
    Basis,
    Component,
    CreditRole,
    Newness,
    PlanBonus,
    Rate,
    Salary,
    SchemeTerms,
    TeamPool,
    Tier,
)
from compensation.schemes.models import Scheme
from compensation.schemes.services import assign_scheme, create_scheme, save_scheme_version


def hunter_terms(*, salary: Decimal = Decimal(60_000), bonus: Decimal = Decimal(15_000)) -> SchemeTerms:
    """Salary, 10 % of margin while the client is new, 2 % after, a bonus for the whole plan."""
    steps = (Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, bonus))
    return SchemeTerms(
        (
            Component("salary", _("Salary"), Salary(salary)),
            Component("new", _("New clients"), Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.NEW, Decimal("0.1"))),
            Component("residual", _("Residual"), Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.RESIDUAL, Decimal("0.02"))),
            Component("plan_bonus", _("Plan bonus"), PlanBonus(steps)),
        )
    )


def farmer_terms(
    *, salary: Decimal = Decimal(55_000), rate: Decimal = Decimal("0.03"), breakeven: Decimal = Decimal(1_000_000)
) -> SchemeTerms:
    """Salary and the department's pool."""
    return SchemeTerms(
        (
            Component("salary", _("Salary"), Salary(salary)),
            Component("team_pool", _("Team pool"), TeamPool(rate, breakeven)),
        )
    )


def caller_terms(*, salary: Decimal = Decimal(45_000), rate: Decimal = Decimal("0.01")) -> SchemeTerms:
    """Salary, and a share of what clients pay who were warmed by phone, while they are new."""
    return SchemeTerms(
        (
            Component("salary", _("Salary"), Salary(salary)),
            Component("warmed", _("Warmed clients"), Rate(CreditRole.TELESALES, Basis.REVENUE, Newness.NEW, rate)),
        )
    )


def salary_terms(salary: Decimal) -> SchemeTerms:
    """Salary alone."""
    return SchemeTerms((Component("salary", _("Salary"), Salary(salary)),))


def create_example_schemes(
    *,
    actor: User | None,
    from_on: date,
    unit: Decimal = Decimal(1),
    breakeven: Decimal = Decimal(1_000_000),
    new_until: NewUntil = FIRST_DEAL,
) -> dict[str, Scheme]:
    """The example schemes, each assigned to its roles from a date on.

    Args:
        actor: Who decides; None for the system.
        from_on: The first date on which they hold.
        unit: Multiplies every fixed sum, for data whose amounts are of another size than roubles.
        breakeven: Of a client department and month, not multiplied.
        new_until: How long the payments of a client are those of a new one.

    Returns:
        The schemes by code: hunter, farmer, caller, assistant, head.
    """
    sums = {name: (amount * unit).quantize(Decimal("0.01")) for name, amount in SUMS.items()}
    made = {
        "hunter": (_("Hunter"), hunter_terms(salary=sums["hunter"], bonus=sums["bonus"]), [Role.SELLER]),
        "farmer": (
            _("Farmer"),
            farmer_terms(salary=sums["farmer"], breakeven=breakeven),
            [Role.CLIENT_MANAGER, Role.VIP_MANAGER],
        ),
        "caller": (_("Telesales"), caller_terms(salary=sums["caller"]), [Role.TELESALES]),
        "assistant": (_("Assistant"), salary_terms(sums["assistant"]), [Role.ASSISTANT]),
        "head": (_("Head"), hunter_terms(salary=sums["head"], bonus=sums["bonus"]), [Role.INDUSTRY_HEAD]),
    }
    return {
        code: _scheme(actor, name, terms=replace(terms, new_until=new_until), roles=roles, from_on=from_on)
        for code, (name, terms, roles) in made.items()
    }


FARMERS = [Role.CLIENT_MANAGER, Role.VIP_MANAGER]
SUMS = {
    "hunter": Decimal(60_000),
    "bonus": Decimal(15_000),
    "farmer": Decimal(55_000),
    "caller": Decimal(45_000),
    "assistant": Decimal(40_000),
    "head": Decimal(120_000),
}


def _scheme(actor: User | None, name: str, *, terms: SchemeTerms, roles: list[Role], from_on: date) -> Scheme:
    scheme = create_scheme(actor=actor, name=name)
    save_scheme_version(actor=actor, scheme=scheme, terms=terms, from_on=from_on)
    for role in roles:
        assign_scheme(actor=actor, scheme=scheme, role=role, from_on=from_on)
    return scheme
