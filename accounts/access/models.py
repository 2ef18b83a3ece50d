"""The audit trail and the tokens of integrations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class AuditEventQuerySet(ScopedQuerySet["AuditEvent"]):
    scope = "audit"


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


class ContactReveal(ScopedModel):
    """One opening of a contact's masked details; counted against the person's budget."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact_id = models.BigIntegerField()
    company_id = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

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
