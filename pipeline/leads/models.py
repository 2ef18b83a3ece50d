"""Imports: what came in, what was repaired, and what a person must still decide."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, closed_manager

Row = TypeVar("Row", bound=models.Model)


class ImportQuerySet(ScopedQuerySet[Row]):
    scope = "import_issues"


class ImportBatchQuerySet(ImportQuerySet["ImportBatch"]):
    """Loads."""


class ImportIssueQuerySet(ImportQuerySet["ImportIssue"]):
    """Rows of loads."""


class ImportBatch(ScopedModel):
    """One load of one set of files: counts in, counts out, by file."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=300)
    digest = models.CharField(max_length=64, unique=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(auto_now_add=True)
    counts = models.JSONField(default=dict)

    objects: Any = closed_manager(ImportBatchQuerySet)
    all_rows = ImportBatchQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class ImportIssue(ScopedModel):
    """One row that was repaired or could not be: the file, the line, the field, what is wrong, and the row as it was."""

    class Status(models.TextChoices):
        REPAIRED = "repaired", _("repaired by rule")
        OPEN = "open", _("to be decided")
        RESOLVED = "resolved", _("resolved")
        DISMISSED = "dismissed", _("dismissed")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="issues")
    file = models.CharField(max_length=120)
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    value = models.CharField(max_length=300, blank=True, default="")
    code = models.CharField(max_length=40)
    problem = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300, blank=True, default="")
    row = models.JSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    object_type = models.CharField(max_length=64, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(ImportIssueQuerySet)
    all_rows = ImportIssueQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["status", "file", "line", "pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="import_issue_object")]
        constraints = [models.UniqueConstraint(fields=["batch", "file", "line", "code"], name="import_issue_once")]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.problem}"
