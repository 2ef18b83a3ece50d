"""The one helper that writes audit events, inside the transaction of the deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, models

from accounts.access.masking import masked
from accounts.access.models import AuditEvent
from accounts.people.models import User


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from; set by middleware, empty in batch work."""

    address: str | None = None
    request_id: str = ""


UNKNOWN = Origin()
origin: ContextVar[Origin] = ContextVar("origin", default=UNKNOWN)


def record(
    *,
    actor: User | None,
    action: str,
    obj: models.Model | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Write one event: who did what to which row, with the fields that changed.

    Args:
        actor: None for the system's own jobs.
        action: `<noun>.<verb in the past>`, for example `deal.moved`.
        obj: The row that the deed was done to, when there is one.
        before: Field values before the deed; fields equal in `before` and `after` are left out.
        after: Field values after it.

    Raises:
        RuntimeError: Called outside a transaction: then the deed could stand without its event.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"Audit event {action!r} must be written in the transaction of the deed.")
    where, kind = origin.get(), obj._meta.label_lower if obj is not None else ""
    return AuditEvent.all_rows.create(
        actor=actor,
        action=action,
        object_type=kind,
        object_id=obj.pk if obj is not None else None,
        changes=_changes(kind, before or {}, after or {}),
        address=where.address,
        request_id=where.request_id,
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of a bulk deed."""

    action: str
    obj: models.Model
    before: Mapping[str, object]
    after: Mapping[str, object]


def record_many(*, actor: User | None, deeds: Iterable[Deed]) -> None:
    """Write many events at once, as `record` writes one; one SQL statement per thousand.

    Raises:
        RuntimeError: Called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Audit events must be written in the transaction of the deed.")
    where = origin.get()
    AuditEvent.all_rows.bulk_create(
        [
            AuditEvent(
                actor=actor,
                action=deed.action,
                object_type=deed.obj._meta.label_lower,
                object_id=deed.obj.pk,
                changes=_changes(deed.obj._meta.label_lower, deed.before, deed.after),
                address=where.address,
                request_id=where.request_id,
            )
            for deed in deeds
        ],
        batch_size=1000,
    )


def _changes(kind: str, before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """What changed. Details of contacts are masked here, so that no deed can carry them into the trail."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: [_plain(before.get(name)), _plain(after.get(name))] for name in names}
    return {name: [masked(kind, name, value) for value in pair] for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    return value if isinstance(value, (str, int, bool, float, list, dict, type(None))) else str(value)
