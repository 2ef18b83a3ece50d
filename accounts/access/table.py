"""How far each role reaches, per kind of data: the table of DESIGN part 7 as data.

A role that is not named for a kind reaches nothing. What a reach means for a kind is the method `reach_<name>` of its
queryset; `all` means every row.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.roles import Role

EVERYONE = tuple(Role)
TOP = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
SELLING = (Role.SELLER, Role.CLIENT_MANAGER)

REACHES: Mapping[str, Mapping[str, tuple[Role, ...]]] = {
    "structure": {"all": EVERYONE},
    "employees": {
        "all": (*TOP, Role.HR, Role.ADMINISTRATOR, Role.ACCOUNTANT, Role.BASE_MANAGER, Role.MARKETER),
        "colleagues": (Role.INDUSTRY_HEAD, *SELLING, Role.VIP_MANAGER, Role.TELESALES, Role.ASSISTANT),
    },
    "assignments": {
        "all": (*TOP, Role.HR, Role.ADMINISTRATOR),
        "team": tuple(role for role in Role if role not in {*TOP, Role.HR, Role.ADMINISTRATOR}),
    },
    "clients": {
        "all": TOP,
        "direction": (Role.INDUSTRY_HEAD,),
        "own": SELLING,
        "entry": (Role.TELESALES,),
        "cards": (Role.ASSISTANT,),
        "corporate": (Role.VIP_MANAGER,),
        "leads": (Role.BASE_MANAGER,),
        "paying": (Role.ACCOUNTANT,),
    },
    "deals": {
        "all": TOP,
        "direction": (Role.INDUSTRY_HEAD,),
        "own": (*SELLING, Role.VIP_MANAGER),
        "warmed": (Role.TELESALES,),
    },
    "tasks": {
        "all": TOP,
        "team": (Role.INDUSTRY_HEAD,),
        "own": tuple(role for role in Role if role not in {*TOP, Role.INDUSTRY_HEAD, Role.ADMINISTRATOR}),
    },
    "call_lists": {
        "all": (*TOP, Role.BASE_MANAGER),
        "direction": (Role.INDUSTRY_HEAD,),
        "own": (Role.TELESALES,),
    },
    "calls": {
        "all": TOP,
        "direction": (Role.INDUSTRY_HEAD,),
        "clients": (*SELLING, Role.VIP_MANAGER),
        "own": (Role.TELESALES,),
    },
    "payments": {
        "all": (*TOP, Role.ACCOUNTANT),
        "direction": (Role.INDUSTRY_HEAD,),
        "own": (*SELLING, Role.VIP_MANAGER),
    },
    "plans": {
        "all": TOP,
        "team": (Role.INDUSTRY_HEAD,),
        "own": (*SELLING, Role.VIP_MANAGER, Role.TELESALES, Role.ASSISTANT),
    },
    "commissions": {
        "all": (*TOP, Role.ACCOUNTANT),
        "team": (Role.INDUSTRY_HEAD,),
        "own": tuple(role for role in Role if role not in {*TOP, Role.ACCOUNTANT, Role.INDUSTRY_HEAD}),
    },
    "schemes": {"all": (*TOP, Role.ACCOUNTANT), "own": tuple(role for role in Role if role not in {*TOP, Role.ACCOUNTANT})},
    "products": {"all": EVERYONE},
    "runs": {"all": (*TOP, Role.ACCOUNTANT, Role.ADMINISTRATOR)},
    "import_issues": {"all": (*TOP, Role.BASE_MANAGER)},
    "audit": {"all": TOP, "system": (Role.ADMINISTRATOR,)},
    "reveals": {
        "all": TOP,
        "team": (Role.INDUSTRY_HEAD,),
        "own": tuple(role for role in Role if role not in {*TOP, Role.INDUSTRY_HEAD}),
    },
    "tokens": {"all": (Role.ADMINISTRATOR,), "own": tuple(role for role in Role if role is not Role.ADMINISTRATOR)},
}


HANDED_OVER = frozenset({"none", "own", "entry", "cards"})
"""Reaches that show a client only after somebody has handed it, or its card, to the person."""


def is_wide(role: str) -> bool:
    """Whether the role alone opens clients or payments that nobody has handed to the person."""
    reaches = reaches_of(role)
    return any(reaches.get(kind, "none") not in HANDED_OVER for kind in ("clients", "payments"))


def reaches_of(role: str) -> dict[str, str]:
    """Kind of data -> reach, for one role; kinds that the role does not reach are missing."""
    return {kind: reach for kind, by_reach in REACHES.items() for reach, roles in by_reach.items() if role in roles}


WIDE_ROLES = frozenset(role for role in Role if is_wide(role))
"""Given by the owner and the director: whoever gives one gives a part of the client base (ADR 12)."""
