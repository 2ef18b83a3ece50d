"""No form of a page, whatever is written into one of its fields, ends in a fault of the product; nor does the page after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.forms import (
    BaseForm,
    BaseFormSet,
    BooleanField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    IntegerField,
    ModelChoiceField,
)
from django.test import Client
from django.test.utils import ContextList

from tests.access.rows import Row
from tests.access.test_matrix import Ask, Asking, ask, company, everybody
from tests.access.test_odd_addresses import pages, welcome
from tests.personas import PersonaCompany

__all__ = ["ask", "company", "everybody"]

LONG = "9" * 4400
ODD: tuple[tuple[type[Field], tuple[str, ...]], ...] = (
    (DateField, ("0001-01-01", "9999-12-31")),
    (DateTimeField, ("0001-01-01T00:00", "9999-12-31T23:59")),
    (ModelChoiceField, ("\x00", "9223372036854775808")),
    (ChoiceField, ("\x00", "")),
    (DecimalField, ("1e9999999", "0e9999999", "NaN")),
    (IntegerField, (LONG, "-1")),
    (BooleanField, ("\x00",)),
    (Field, ("\x00", "1e9999999", LONG)),
)
"""What is written into a field of each kind; the first that fits counts."""
FINE = frozenset({200, 204, 302, 400, 403, 404, 405, 409, 429})


def forms_of(context: ContextList | None) -> Iterator[BaseForm]:
    """The forms that a page shows."""
    seen: set[int] = set()
    for layer in context or ():
        for value in layer.flatten().values() if hasattr(layer, "flatten") else ():
            found = [*value.forms[:1], value.management_form] if isinstance(value, BaseFormSet) else [value]
            for form in found:
                if isinstance(form, BaseForm) and id(form) not in seen:
                    seen.add(id(form))
                    yield form


def filled(forms: list[BaseForm]) -> dict[str, Any]:
    """What a browser sends when the page is saved as it stands, with something chosen and written where nothing is."""
    values = {form.add_prefix(name): _value(form, name) for form in forms for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def _value(form: BaseForm, name: str) -> Any:
    value, field = form[name].value(), form.fields[name]
    if value in (None, "", []):
        choices = [key for key, _label in getattr(field, "choices", ()) if str(key)]
        usual = {"DateField": "2026-11-02", "EmailField": "odd@example.org", "IntegerField": "3", "DecimalField": "3"}
        return str(choices[0]) if choices else usual.get(type(field).__name__, "Odd")
    return getattr(value, "pk", value)


def odd_values(forms: list[BaseForm]) -> Iterator[tuple[str, str]]:
    """Every field with an odd value, and every odd value of a kind in some field of it: fields of a kind share them out."""
    fields: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for form in forms:
        for name, field in form.fields.items():
            values = next(values for kind, values in ODD if isinstance(field, kind))
            fields[values].append(form.add_prefix(name))
    for values, names in fields.items():
        yield from islice(zip(cycle(names), cycle(values), strict=False), max(len(names), len(values)))


def browser_of(asking: Asking, company: PersonaCompany) -> Client:
    """Somebody who gets the page."""
    browser = Client()
    user = company.by_role(welcome(asking.row)[0]).user
    browser.cookies[settings.SESSION_COOKIE_NAME] = asking.sessions[user.pk]
    return browser


def status_of(browser: Client, path: str, data: dict[str, Any]) -> int:
    """The status of a form and of the page that it leads to, in a transaction that leaves nothing behind."""
    with transaction.atomic():
        response = browser.post(path, data, follow=True)
        transaction.set_rollback(True)
    return int(response.status_code)


@pytest.mark.no_cover
@pytest.mark.parametrize("row", [row for row in pages("get") if not row.is_path], ids=str)
def test_no_field_is_a_fault(row: Row, company: PersonaCompany, ask: Ask) -> None:
    asking = ask(row)
    browser = browser_of(asking, company)
    forms = list(forms_of(getattr(browser.get(asking.path), "context", None)))
    if not forms:
        return
    faults: list[str] = []
    data = filled(forms)
    for field, odd in odd_values(forms):
        try:
            status = status_of(browser, asking.path, {**data, field: odd})
        except Exception as error:  # noqa: BLE001 (every field is tried before the test fails)
            status, faults = 500, [*faults, f"{field}={odd[:20]!r}: {type(error).__name__}: {error}"[:300]]
        if status not in {*FINE, 500}:
            faults.append(f"{field}={odd[:20]!r}: {status}")
    assert faults == []
