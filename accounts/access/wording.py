"""Fields and rows of the audit trail in words: what they are called, and what their values mean to a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access.masking import masked
from salesys.shell import formats

HIDDEN = frozenset({"password", "secret", "secret_hash"})
LONGEST = 120

KINDS: Mapping[str, Promise] = {
    "accounts.apitoken": _("API token"),
    "accounts.assignment": _("place of a person"),
    "accounts.department": _("department"),
    "accounts.direction": _("direction"),
    "accounts.employee": _("person"),
    "accounts.pair": _("pair"),
    "accounts.revealbudget": _("contact budget"),
    "accounts.user": _("sign-in"),
    "compensation.payperiod": _("pay period"),
    "compensation.scheme": _("pay scheme"),
    "pipeline.call": _("call"),
    "pipeline.calllist": _("call list"),
    "pipeline.calllistentry": _("entry of a call list"),
    "pipeline.company": _("company"),
    "pipeline.contact": _("contact"),
    "pipeline.contract": _("contract"),
    "pipeline.deal": _("deal"),
    "pipeline.importbatch": _("import"),
    "pipeline.importissue": _("row of an import"),
    "pipeline.payment": _("payment"),
    "pipeline.paymentfile": _("file of payments"),
    "pipeline.relationship": _("holder of a client"),
    "pipeline.stage": _("stage"),
    "pipeline.task": _("task"),
    "planning.calendarcorrection": _("correction of a working day"),
    "planning.hiringlead": _("hiring time"),
    "planning.norm": _("norm"),
    "planning.yearplan": _("plan of a year"),
    "salesys.organisation": _("the company itself"),
    "salesys.run": _("batch run"),
}
"""Rows that deeds are done to."""

FIELDS: Mapping[str, Promise] = {
    "amount": _("amount"),
    "amount_without_vat": _("amount without VAT"),
    "as_of": _("as of"),
    "assignee": _("who does it"),
    "assistant": _("assistant"),
    "availability": _("availability"),
    "bytes": _("size in bytes"),
    "caller": _("caller"),
    "changed": _("daily targets changed"),
    "closed_on": _("closed on"),
    "code": _("personnel number"),
    "companies": _("companies"),
    "company": _("company"),
    "component": _("component"),
    "contract": _("contract"),
    "count": _("how many"),
    "country": _("country"),
    "currency": _("currency"),
    "deal": _("deal"),
    "department": _("department"),
    "digest": _("checksum"),
    "direct_cost": _("direct cost"),
    "direction": _("direction"),
    "dismissed_on": _("dismissed on"),
    "due_on": _("due"),
    "email": _("e-mail"),
    "employee": _("person"),
    "first": _("first number"),
    "first_administrator": _("first administrator"),
    "from_on": _("from"),
    "full": _("everything anew"),
    "full_name": _("name"),
    "goal": _("goal"),
    "hired_on": _("hired on"),
    "hiring_days": _("days of hiring"),
    "hours": _("hours"),
    "is_active": _("active"),
    "kind": _("kind"),
    "known": _("known already"),
    "last": _("last number"),
    "manager": _("manager"),
    "members": _("callers"),
    "month": _("month"),
    "name": _("name"),
    "needs": _("needs"),
    "new": _("new"),
    "next_step": _("next step"),
    "next_step_on": _("next step on"),
    "nodes": _("parts of the plan"),
    "note": _("note"),
    "number": _("number"),
    "on": _("day"),
    "outcome": _("outcome"),
    "paid_on": _("paid on"),
    "parent": _("stands below"),
    "payee": _("payee"),
    "payment": _("payment"),
    "per_day": _("per day"),
    "per_month": _("per month"),
    "prefix": _("beginning of the token"),
    "qualitative_goals": _("qualitative goals"),
    "reason": _("reason"),
    "role": _("role"),
    "rows": _("rows"),
    "scopes": _("scopes"),
    "season": _("season"),
    "seller": _("seller"),
    "signed_on": _("signed on"),
    "source": _("how it came in"),
    "stage": _("stage"),
    "status": _("state"),
    "successor": _("who takes over"),
    "targets": _("daily targets"),
    "tasks": _("tasks"),
    "telesales": _("telesales"),
    "terms": _("terms"),
    "time_zone": _("time zone"),
    "tokens": _("tokens revoked"),
    "training_days": _("days of training"),
    "user": _("sign-in"),
    "vat_rate": _("VAT rate"),
    "wrong": _("with errors"),
}
"""Fields that deeds write under names of their own; other fields are called what their model calls them."""

RELATED: Mapping[str, str] = {
    **dict.fromkeys(
        ("assignee", "assistant", "caller", "employee", "manager", "payee", "seller", "successor", "telesales"),
        "accounts.employee",
    ),
    "company": "pipeline.company",
    "deal": "pipeline.deal",
    "department": "accounts.department",
    "direction": "accounts.direction",
    "stage": "pipeline.stage",
    "user": "accounts.user",
}
"""Fields that hold the number of a row, where the model does not say so."""


@cache
def model_of(kind: str) -> type[models.Model] | None:
    """The model of a row's kind; None for one that is no more."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


@cache
def field_of(kind: str, name: str) -> models.Field[Any, Any] | None:
    """The model's field; None where the deed wrote under a name of its own."""
    model = model_of(kind) if kind else None
    try:
        found = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def kind_label(kind: str) -> str:
    """What a row is, beginning with a capital."""
    label = str(KINDS.get(kind, kind))
    return label[:1].upper() + label[1:]


def field_label(kind: str, name: str) -> str:
    """What a field is called."""
    if name in FIELDS:
        return str(FIELDS[name])
    field = field_of(kind, name)
    return str(field.verbose_name) if field is not None else name.replace("_", " ")


def related_kind(kind: str, name: str) -> str:
    """The kind of row whose number a field holds; empty when it holds none. A name of digits is a person's number."""
    field = field_of(kind, name)
    if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
        return str(field.related_model._meta.label_lower)
    return "" if field is not None else RELATED.get(name, "")


def value_text(kind: str, name: str, value: object) -> str:
    """A value as people write it; empty for none."""
    value = masked(kind, name, value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | dict):
        return _several(value)
    field = field_of(kind, name)
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _moment(value) if isinstance(value, str) else str(value)


def _several(value: list[object] | dict[str, object]) -> str:
    """Short lists of words as they are; else how much there is."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return _cut(", ".join(map(str, value)))
    return ngettext("%d entry", "%d entries", len(value)) % len(value)


def _moment(text: str) -> str:
    """Dates and instants as the reader writes them, other texts cut."""
    try:
        if len(text) == len("2026-11-20"):
            return formats.day_text(date.fromisoformat(text))
        if "T" in text or text[10:11] == " ":
            return formats.moment_text(datetime.fromisoformat(text))
    except ValueError:
        pass
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
