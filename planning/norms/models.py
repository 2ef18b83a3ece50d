"""How much of each activity a role is able to do on a full working day, and how long it takes to get new people."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from planning.engine.activities import Activity
from salesys.db.base import ScopedModel
from salesys.db.effective import EffectiveDated, no_overlap
from salesys.db.fields import RateField
from salesys.db.scope import ScopedQuerySet, closed_manager

ACTIVITY_CHOICES = [
    (int(Activity.RESEARCH_CARDS), _("research cards")),
    (int(Activity.LETTERS), _("letters")),
    (int(Activity.DIALS), _("dials")),
    (int(Activity.CONVERSATIONS), _("conversations")),
    (int(Activity.WARM_CONTACTS), _("warm contacts")),
    (int(Activity.MEETINGS), _("meetings")),
    (int(Activity.PROPOSALS), _("proposals")),
    (int(Activity.DEALS), _("deals")),
]
ACTIVITY_NAMES = dict(ACTIVITY_CHOICES)
PLANNED_ROLES = (Role.SELLER, Role.TELESALES, Role.ASSISTANT, Role.CLIENT_MANAGER, Role.VIP_MANAGER)


class NormQuerySet(ScopedQuerySet["Norm"]):
    scope = "structure"


class Norm(EffectiveDated, ScopedModel):
    """Units of an activity per eight hours; `availability` is the share of the time that is there for it."""

    role = models.CharField(_("role"), max_length=20, choices=[(role.value, role.label) for role in PLANNED_ROLES])
    activity = models.PositiveSmallIntegerField(_("activity"), choices=ACTIVITY_CHOICES)
    per_day = models.PositiveSmallIntegerField(_("per day"))
    availability = RateField(_("availability"), default=1)

    objects: Any = closed_manager(NormQuerySet)
    all_rows = NormQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["role", "-activity", "valid"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in PLANNED_ROLES]), name="norm_role_is_planned"),
            models.CheckConstraint(condition=Q(activity__range=(1, 8)), name="norm_activity_is_known"),
            models.CheckConstraint(condition=Q(per_day__gt=0), name="norm_is_positive"),
            models.CheckConstraint(condition=Q(availability__gt=0, availability__lte=1), name="norm_availability_is_a_share"),
            *(no_overlap("activity", name=f"norm_once_for_{role.value}", condition=Q(role=role.value)) for role in PLANNED_ROLES),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.activity}: {self.per_day} {self.valid}"


class HiringLeadQuerySet(ScopedQuerySet["HiringLead"]):
    scope = "structure"


class HiringLead(ScopedModel):
    """Calendar days before a new person of a role works at the full norm."""

    role = models.CharField(_("role"), max_length=20, choices=[(role.value, role.label) for role in PLANNED_ROLES], unique=True)
    hiring_days = models.PositiveSmallIntegerField(_("days to hire"))
    training_days = models.PositiveSmallIntegerField(_("days to train"))

    objects: Any = closed_manager(HiringLeadQuerySet)
    all_rows = HiringLeadQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["role"]

    def __str__(self) -> str:
        return f"{self.role} {self.hiring_days}+{self.training_days}"
