"""Answers that are kept so that a repeated request gets the same one."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeptResponse(models.Model):
    """The answer to one POST, found again by who sent it, where to, and the idempotency key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [models.UniqueConstraint(fields=["key", "user", "route"], name="kept_response_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key} {self.status}"
