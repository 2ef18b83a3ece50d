"""The audit trail and the tokens of integrations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access.actions import SYSTEM_ACTIONS
from accounts.roles import Role
from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class AuditEventQuerySet(ScopedQuerySet["AuditEvent"]):
    scope = "audit"

    def reach_system(self, viewer: Viewer) -> Q:
        """What concerns people, access and settings; events of clients and money carry clients' data."""
        is_named = Q(object_type__startswith="accounts.") | Q(object_type__startswith="salesys.")
        return is_named | Q(object_type="", action__in=SYSTEM_ACTIONS)


class AuditEvent(ScopedModel):
    """One thing that somebody did; written in the transaction of the deed, unalterable afterwards (database trigger).

    `object_type` and `object_id` name the row (`pipeline.deal`, 17), `changes` maps each field to `[before, after]`.
    """

    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True, default="")
    object_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    objects: Any = closed_manager(AuditEventQuerySet)
    all_rows = AuditEventQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            # Every second event is a call: it needs no index to be found, and each index costs every call
            models.Index(fields=["action", "-id"], name="audit_action", condition=~Q(action="call.logged")),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class ApiTokenQuerySet(ScopedQuerySet["ApiToken"]):
    scope = "tokens"

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own."""
        return Q(user_id=viewer.user_id)


class ApiToken(ScopedModel):
    """A key of an integration: acts as its user, within `scopes`. Only the hash of the secret is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(ApiTokenQuerySet)
    all_rows = ApiTokenQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class RevealQuerySet(ScopedQuerySet[models.Model]):
    """Openings of contact details and notices about them: those who answer for a person see them."""

    scope = "reveals"

    def reach_team(self, viewer: Viewer) -> Q:
        """Of the viewer and of everyone below."""
        return Q(user__employee__in=viewer.team_ids)

    def reach_own(self, viewer: Viewer) -> Q:
        """The viewer's own."""
        return Q(user_id=viewer.user_id)


class ContactReveal(ScopedModel):
    """One opening of a contact's masked details; counted against the person's budget."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact_id = models.BigIntegerField()
    company_id = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(RevealQuerySet)
    all_rows = RevealQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        indexes = [models.Index(fields=["user", "on"], name="contact_reveal_budget")]
        constraints = [
            models.UniqueConstraint(fields=["user", "contact_id", "on"], name="contact_reveal_counts_once_a_day"),
            models.CheckConstraint(condition=Q(contact_id__gt=0), name="contact_reveal_names_a_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.contact_id} {self.on}"


MOST_PER_DAY, MOST_PER_MONTH = 200, 2_000
"""What nobody can be given more of: a budget without an end would be a button that opens the whole base."""


class RevealBudget(models.Model):
    """How many contacts a person of a role may open in a day and in a month; a role without a row has the default."""

    role = models.CharField(_("role"), max_length=20, choices=Role, unique=True)
    per_day = models.PositiveIntegerField(_("per day"))
    per_month = models.PositiveIntegerField(_("per month"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_month__gte=models.F("per_day")), name="reveal_budget_month_covers_a_day"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="reveal_budget_role_is_known"),
            models.CheckConstraint(
                condition=Q(per_day__lte=MOST_PER_DAY, per_month__lte=MOST_PER_MONTH), name="reveal_budget_is_far_below_the_base"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.per_day}/{self.per_month}"


class PersonalBudget(ScopedModel):
    """One person's own budget, which stands in place of their role's."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    per_day = models.PositiveIntegerField(_("per day"))
    per_month = models.PositiveIntegerField(_("per month"))

    objects: Any = closed_manager(RevealQuerySet)
    all_rows = RevealQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            models.CheckConstraint(condition=Q(per_month__gte=models.F("per_day")), name="personal_budget_month_covers_a_day"),
            models.CheckConstraint(
                condition=Q(per_day__lte=MOST_PER_DAY, per_month__lte=MOST_PER_MONTH),
                name="personal_budget_is_far_below_the_base",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.per_day}/{self.per_month}"


class BudgetNotice(ScopedModel):
    """A person has opened four fifths of a day's or month's budget, or all of it: what their head is told, once each."""

    class Period(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("accounts.Employee", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=5, choices=Period)
    begins_on = models.DateField()
    is_spent = models.BooleanField(default=False)
    used = models.PositiveIntegerField()
    allowed = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(RevealQuerySet)
    all_rows = RevealQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "period", "begins_on", "is_spent"], name="budget_notice_once"),
        ]
        indexes = [models.Index(fields=["recipient", "-id"], name="budget_notice_unseen", condition=Q(seen_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.user} {self.used}/{self.allowed} {self.period} {self.begins_on}"
