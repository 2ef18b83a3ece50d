"""The closed-by-default door to rows.

`Model.objects` yields nothing. `Model.objects.visible_to(user)` asks the access table (`accounts/access/table.py`) how far
the viewer's role reaches for the model's kind of data, and the model's queryset says which rows that reach means. Pages,
API, forms, pickers, counters and exports have no other door; `all_rows` is for services, queries and batch work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, as of today: everything that scopes may depend on, as plain values.

    `department_ids` are the viewer's department and all below it, `direction_ids` the directions that the viewer is
    assigned to or heads, `team_ids` the employees below the viewer in the assignment tree, the viewer included.
    `reaches` maps each kind of data to the viewer's reach; a kind that is missing is closed.
    """

    user_id: int | None
    employee_id: int | None
    role: str
    department_ids: frozenset[int] = frozenset()
    direction_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    reaches: Mapping[str, str] = field(default_factory=dict)

    @property
    def own_id(self) -> int:
        """The viewer's employee, or 0, which no row has."""
        return self.employee_id or 0

    def reach(self, scope: str) -> str:
        """How far the viewer sees this kind of data; `none` unless the access table says more."""
        return self.reaches.get(scope, "none")


def viewer_for(user: object) -> Viewer:
    """The viewer behind a user (or a viewer as it is); the resolver is named by `settings.VIEWER_RESOLVER`."""
    if isinstance(user, Viewer):
        return user
    return cast("Viewer", import_string(settings.VIEWER_RESOLVER)(user))


RowType_co = TypeVar("RowType_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[RowType_co]):
    """A queryset that knows which rows each reach of the access table means.

    A subclass names its kind of data in `scope` and has one method `reach_<name>(viewer) -> Q` per reach that the access
    table uses for that kind; a reach without a method is an error in the code, not an open door.
    """

    scope: ClassVar[str] = ""

    def visible_to(self, user: object) -> Self:
        """The rows that `user` (a user or a `Viewer`) may see today."""
        viewer = viewer_for(user)
        reach = viewer.reach(self.scope)
        if reach == "none":
            return self.none()
        if reach == "all":
            return self
        rows = getattr(self, f"reach_{reach}")(viewer)
        return self.filter(cast("Q", rows))


class ClosedManager(models.Manager[RowType_co]):
    """`Model.objects`: yields nothing until it is told who looks."""

    queryset_class: type[ScopedQuerySet[Any]] = ScopedQuerySet

    def get_queryset(self) -> models.QuerySet[RowType_co]:
        return self.queryset_class(self.model, using=self._db).none()

    def visible_to(self, user: object) -> ScopedQuerySet[RowType_co]:
        """The rows that `user` may see; the start of every read in pages, API, forms and exports."""
        return self.queryset_class(self.model, using=self._db).visible_to(user)


def closed_manager(queryset_class: type[ScopedQuerySet[Any]]) -> Any:
    """A `ClosedManager` that opens into `queryset_class`."""
    manager = type(f"Closed{queryset_class.__name__}Manager", (ClosedManager,), {"queryset_class": queryset_class})
    return manager()
