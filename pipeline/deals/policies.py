"""Who may do what with deals that they see."""

from __future__ import annotations

from typing import Any

from accounts.roles import HEAD_ROLES, SELLING_ROLES
from pipeline.clients.models import Company
from pipeline.deals.models import Deal
from salesys.db.scope import viewer_for

WORKERS = HEAD_ROLES | SELLING_ROLES
"""Telesales see what became of their contacts, and change nothing."""


def sees_deal(user: object, deal: Deal) -> bool:
    """Whether the deal is within the viewer's reach."""
    return bool(Deal.objects.visible_to(user).filter(pk=deal.pk).exists())


def can_create_deal(user: object) -> bool:
    """Heads and those who sell."""
    return viewer_for(user).role in WORKERS


def can_create_for_others(user: object) -> bool:
    """Heads: a deal opens its client to its seller, and that is theirs to decide."""
    return viewer_for(user).role in HEAD_ROLES


def sellable_companies(user: object) -> Any:
    """Companies that the user may open a deal with: those held, and all in sight for whose reach goes beyond own clients.

    An open deal shows its client, but is no ground for the next: who has handed a client over would keep it so.
    """
    viewer = viewer_for(user)
    seen = Company.objects.visible_to(viewer)
    return seen.filter(Company.all_rows.held_by(frozenset({viewer.own_id}))) if viewer.reach("clients") == "own" else seen


def can_sell_to(user: object, company_id: int) -> bool:
    """Whether the company is one of these."""
    return bool(sellable_companies(user).filter(pk=company_id).exists())


def can_update_deal(user: object, deal: Deal) -> bool:
    """Its seller; heads, and who holds the client."""
    viewer = viewer_for(user)
    return viewer.role in WORKERS and (deal.seller_id == viewer.employee_id or sees_deal(viewer, deal))


def can_give_deal(user: object, deal: Deal) -> bool:
    """Heads: a deal changes its seller by their word alone."""
    viewer = viewer_for(user)
    return viewer.role in HEAD_ROLES and sees_deal(viewer, deal)
