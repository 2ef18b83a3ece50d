"""The audit trail as people read it: who, what, to which row, from what to what; names only of what the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from accounts.access.actions import action_label
from accounts.access.models import AuditEvent
from accounts.access.wording import HIDDEN, field_label, kind_label, model_of, related_kind, value_text
from accounts.people.models import Employee
from salesys.db.base import ScopedModel

NAMED_BY = (
    "full_name", "name", "title", "number", "email", "employee__full_name", "telesales__full_name", "company__name", "year", "on",
    "month_on", "job", "role",
)  # fmt: skip
"""What names a row: the first of these that its model has."""

OPEN_KINDS = frozenset({"accounts.user", "accounts.revealbudget", "salesys.organisation"})
"""Rows without a scope whose names every reader of the trail may see."""

NUMBER_ONLY = frozenset({"pipeline.call"})
"""Bulk rows that are not looked up one by one."""

CODED = {"pipeline.stage": "code"}
"""Kinds of rows that deeds name by a code, too."""

Key = int | str
Names = Mapping[tuple[str, Key], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One field, from what to what; empty texts for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event in words. `who` is empty for the system; `name` is empty where the reader may not see the row, or it is gone."""

    event: AuditEvent
    who: str
    label: str
    kind: str
    name: str
    changes: tuple[Change, ...]


def shown_events(viewer: object, events: Iterable[AuditEvent]) -> list[ShownEvent]:
    """Events in words, in the order given; 2 SQL statements: one for the people, one for the names of all rows.

    Args:
        viewer: Who reads: rows outside their scope have no name.
        events: Within their scope already.
    """
    found = list(events)
    people = dict(Employee.all_rows.filter(user__in={event.actor_id for event in found}).values_list("user_id", "full_name"))
    names = _names(viewer, {key for event in found for key in _keys(event)})
    return [
        ShownEvent(
            event,
            (people.get(event.actor_id) or str(event.actor)) if event.actor_id else "",
            action_label(event.action),
            kind_label(event.object_type) if event.object_type else "",
            names.get((event.object_type, event.object_id or 0), ""),
            tuple(sorted(_changes(event, names), key=lambda change: change.field.lower())),
        )
        for event in found
    ]


def _pairs(event: AuditEvent) -> Iterator[tuple[str, Sequence[Any]]]:
    for name, pair in event.changes.items():
        if name not in HIDDEN and isinstance(pair, list) and len(pair) == 2:
            yield name, pair


def _kind_behind(event: AuditEvent, name: str) -> str:
    """The kind of row that a field's numbers belong to."""
    return related_kind(event.object_type, name)


def _keys(event: AuditEvent) -> Iterator[tuple[str, Key]]:
    """Every row that an event names: the one that the deed was done to, and those behind its fields."""
    if event.object_id is not None:
        yield event.object_type, event.object_id
    for name, pair in _pairs(event):
        if name.isdigit():
            yield "accounts.employee", int(name)
        kind = _kind_behind(event, name)
        for value in pair if kind else ():
            if isinstance(value, int if kind not in CODED else Key):
                yield kind, value


def _names(viewer: object, wanted: Collection[tuple[str, Key]]) -> Names:
    """Names of all rows on a page, of whatever kinds; 1 SQL statement, so that no kind is left without names."""
    keys: dict[str, list[Key]] = {}
    for kind, key in wanted:
        keys.setdefault(kind, []).append(key)
    parts = [part for kind in sorted(keys) if (part := _named_rows(viewer, kind, keys[kind])) is not None]
    names: dict[tuple[str, Key], str] = {}
    for kind, number, code, name in parts[0].union(*parts[1:]) if parts else ():
        path = _naming_path(model_of(kind))
        # Names that every installation starts with are stored in English
        text = value_text(kind, path, gettext(name) if kind in CODED else name)
        names[kind, number] = text
        if kind in CODED:
            names[kind, code] = text
    return names


def _named_rows(viewer: object, kind: str, keys: Collection[Key]) -> Any:
    """(kind, number, code, name) of rows within the viewer's scope; None for a kind whose rows have no names."""
    model = model_of(kind)
    path = _naming_path(model) if kind not in NUMBER_ONLY else ""
    if model is None or not path:
        return None
    if issubclass(model, ScopedModel):
        rows: Any = model.objects.visible_to(viewer)
    elif kind in OPEN_KINDS:
        rows = models.QuerySet(model)
    else:
        return None
    code = CODED.get(kind, "pk")
    wanted = Q(pk__in=[key for key in keys if isinstance(key, int)])
    wanted |= Q(**{f"{code}__in": [key for key in keys if isinstance(key, str)]}) if kind in CODED else Q()
    text = models.CharField()
    columns = (Value(kind, output_field=text), F("pk"), Cast(code, text), Cast(path, text))
    return rows.filter(wanted).order_by().values_list(*columns)


def _naming_path(model: type[models.Model] | None) -> str:
    return next((path for path in NAMED_BY if model is not None and _has_path(model, path.split("__"))), "")


def _has_path(model: Any, steps: Sequence[str]) -> bool:
    for step in steps:
        try:
            field = model._meta.get_field(step)
        except (FieldDoesNotExist, AttributeError):
            return False
        model = field.related_model
    return True


def _changes(event: AuditEvent, names: Names) -> Iterator[Change]:
    for name, pair in _pairs(event):
        before, after = (_text(event, name, value, names) for value in pair)
        label = names.get(("accounts.employee", int(name)), name) if name.isdigit() else field_label(event.object_type, name)
        yield Change(label, before, after)


def _text(event: AuditEvent, name: str, value: object, names: Names) -> str:
    kind = _kind_behind(event, name)
    if kind and isinstance(value, Key):
        return names.get((kind, value), value if isinstance(value, str) else f"{kind_label(kind)} {value}")
    return value_text(event.object_type, name, value)
