"""ETag and If-Match: an update says which version it changes, so that nobody overwrites what they have not seen.

The version is PostgreSQL's own number of the row's last transaction: every change counts, whatever way it came.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import F, Func, Model, TextField
from django.utils.translation import gettext as _
from rest_framework.request import Request

from salesys.rest.problems import PreconditionFailed, PreconditionRequired

SHADE = re.compile(r'-[a-z]+"$')


class RowVersion(Func):
    """The `xmin` of the queryset's own table, as text."""

    output_field = TextField()

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("pk"),)), **extra)

    def as_sql(self, compiler: Any, connection: Any, *more: Any, **extra: Any) -> tuple[str, Any]:
        """`"table"."xmin"::text`, from the column that Django would have read."""
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"{column.rpartition('.')[0]}.xmin::text", parameters


def etag_of(row: Model, *, shade: str = "") -> str:
    """The version of a row that was read with `row_version`, as a strong ETag.

    Args:
        row: What is shown.
        shade: Tells apart what callers see of one version, such as `open` for a contact that is not masked.
    """
    version = f"{row.pk}-{row.row_version}"  # type: ignore[attr-defined]
    return f'"{version}-{shade}"' if shade else f'"{version}"'


def require_version(request: Request, row: Model) -> None:
    """Refuse an update unless `If-Match` names the row's version (or `*`), however much of it the caller saw.

    The caller holds the row's lock.

    Raises:
        PreconditionRequired: There is no `If-Match` (HTTP 428).
        PreconditionFailed: It names another version (HTTP 412).
    """
    asked = request.headers.get("If-Match", "").strip()
    if not asked:
        raise PreconditionRequired(_("Send the ETag that you read in the header If-Match."))
    if asked != "*" and etag_of(row) not in {SHADE.sub('"', part.strip()) for part in asked.split(",")}:
        raise PreconditionFailed(_("It was changed since you read it. Read it again and decide anew."))


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the caller has what this ETag stands for already (`If-None-Match`)."""
    asked = request.headers.get("If-None-Match", "")
    return tag in {part.strip().removeprefix("W/") for part in asked.split(",")}
