"""Names that people search: a key that sorts and compares as people expect, and its trigrams.

The embedded PostgreSQL has no contrib modules and sorts `ё` wrong, so both are generated columns over two small functions of
the database (`salesys/migrations/0002_functions.py`): whatever way a row comes in, its keys are right.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func


def name_key_field(source: str = "name") -> Any:
    """A stored column with the comparison and sort key of `source`: lower case, `ё` as `е`, no quotes, single spaces.

    Its collation is that of code points, so that one index sorts, compares and finds beginnings on every server.
    """
    return models.GeneratedField(
        expression=Func(F(source), function="salesys_name_key"), output_field=models.TextField(db_collation="C"), db_persist=True
    )


def trigrams_field(source: str = "name") -> Any:
    """A stored column with the trigrams of `source`, for a GIN index."""
    return models.GeneratedField(
        expression=Func(F(source), function="salesys_trigrams"), output_field=ArrayField(models.TextField()), db_persist=True
    )


def name_contains(text: str, *, prefix: str = "") -> models.Q:
    """Rows whose name contains `text`, whatever the case, quotes and `ё`; the index narrows, the key decides.

    Texts under three characters match the beginning of the name only, so that a page never scans the table for one letter.
    """
    key = " ".join(text.lower().replace("ё", "е").translate(str.maketrans("", "", "«»\"'“”„")).split())
    if len(key) < 3:
        return models.Q(**{f"{prefix}name_key__startswith": key})
    trigrams = sorted({key[i : i + 3] for i in range(len(key) - 2)})
    return models.Q(**{f"{prefix}name_trigrams__contains": trigrams, f"{prefix}name_key__contains": key})
