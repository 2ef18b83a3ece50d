"""Norms and hiring times in force; where the company has set none, those of a usual department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.roles import Role
from planning.engine.activities import Activity
from planning.norms.models import HiringLead, Norm
from salesys.db.effective import holds_on

USUAL_AVAILABILITY = Decimal("0.850000")

USUAL_NORMS: Mapping[tuple[str, Activity], int] = {
    (Role.ASSISTANT, Activity.RESEARCH_CARDS): 24,
    (Role.ASSISTANT, Activity.LETTERS): 30,
    (Role.TELESALES, Activity.DIALS): 60,
    (Role.TELESALES, Activity.CONVERSATIONS): 20,
    (Role.TELESALES, Activity.WARM_CONTACTS): 3,
    (Role.SELLER, Activity.MEETINGS): 3,
    (Role.SELLER, Activity.PROPOSALS): 2,
}

USUAL_LEAD_DAYS: Mapping[str, int] = {Role.SELLER: 90, Role.TELESALES: 45, Role.ASSISTANT: 35}

ROLE_OF: Mapping[Activity, Role] = {
    Activity.RESEARCH_CARDS: Role.ASSISTANT,
    Activity.LETTERS: Role.ASSISTANT,
    Activity.DIALS: Role.TELESALES,
    Activity.CONVERSATIONS: Role.TELESALES,
    Activity.WARM_CONTACTS: Role.TELESALES,
    Activity.MEETINGS: Role.SELLER,
    Activity.PROPOSALS: Role.SELLER,
}
"""Whose daily work an activity is; deals are won, not done."""

LIMITING: Mapping[Role, Activity] = {
    Role.TELESALES: Activity.DIALS,
    Role.ASSISTANT: Activity.RESEARCH_CARDS,
    Role.SELLER: Activity.MEETINGS,
}
"""The activity that fills a role's day and so decides how many people are needed."""


@dataclass(frozen=True, slots=True)
class NormInForce:
    """What a role is able to do; `is_usual` when the company has not set it."""

    per_day: int
    availability: Decimal
    is_usual: bool


def norms_on(on: date) -> dict[tuple[str, Activity], NormInForce]:
    """Norms by role and activity as of a date; 1 SQL statement."""
    found = {key: NormInForce(per_day, USUAL_AVAILABILITY, True) for key, per_day in USUAL_NORMS.items()}
    for norm in Norm.all_rows.filter(holds_on(on)):
        found[norm.role, Activity(norm.activity)] = NormInForce(norm.per_day, norm.availability, False)
    return found


def lead_days() -> dict[str, int]:
    """Calendar days of hiring and training by role; 1 SQL statement."""
    return dict(USUAL_LEAD_DAYS) | {lead.role: lead.hiring_days + lead.training_days for lead in HiringLead.all_rows.all()}
