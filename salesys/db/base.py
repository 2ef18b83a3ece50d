"""The base of every table that belongs to somebody."""

from __future__ import annotations

from typing import Any

from django.db import models

from salesys.db.scope import ScopedQuerySet, closed_manager


class ScopedModel(models.Model):
    """A model whose `objects` is closed and whose raw manager has a name that can be searched for.

    A subclass replaces `objects = closed_manager(ItsQuerySet)` and `all_rows = ItsQuerySet.as_manager()`; `all_rows` is the
    default and base manager, so that relations and the framework's internals work.
    """

    all_rows: Any = models.Manager()
    objects: Any = closed_manager(ScopedQuerySet)

    class Meta:
        abstract = True
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
