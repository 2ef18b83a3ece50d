"""What somebody has typed and not yet sent: one row per person and form, saved while they type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models

LONGEST_FIELD = 20_000
MOST_FIELDS = 30


class Draft(models.Model):
    """The fields of one form as they stand in one person's browser. `key` names the form, for example `call-17`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    all_rows = models.Manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once_per_form")]
        indexes = [models.Index(fields=["saved_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return self.key


def save_draft(*, user: Any, key: str, fields: Mapping[str, str]) -> None:
    """Keep what is typed; a form without any text is forgotten. One SQL statement, the newest text wins."""
    kept = {name[:80]: text[:LONGEST_FIELD] for name, text in list(fields.items())[:MOST_FIELDS] if text.strip()}
    if not kept:
        discard_draft(user=user, key=key)
        return
    Draft.all_rows.bulk_create(
        [Draft(user=user, key=key[:80], fields=kept)],
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["fields", "saved_at"],
    )


def draft_of(user: Any, key: str) -> dict[str, str]:
    """What the person had typed into the form; empty when nothing. One SQL statement."""
    found = Draft.all_rows.filter(user=user, key=key).values_list("fields", flat=True).first()
    return {str(name): str(text) for name, text in (found or {}).items()}


def discard_draft(*, user: Any, key: str) -> None:
    """Forget the draft: the form was sent, or the person threw it away."""
    Draft.all_rows.filter(user=user, key=key).delete()
