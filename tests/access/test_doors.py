"""Rooms that face people have one door to rows: `visible_to`. The code is read, pickers are opened, each with a planted fault."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django_filters
import pytest
from django import forms
from django.apps import apps
from django.db.models import Manager, QuerySet
from rest_framework import serializers

from accounts.models import Employee
from salesys.db.base import ScopedModel

ROOT = Path(__file__).resolve().parents[2]
STREETS = ("accounts", "pipeline", "planning", "compensation", "vip", "salesys")
ROOMS = re.compile(r"((.*_)?(views|forms|api)|serializers|filters|navigation|urls|exports|downloads)\.py")
RAW = {
    "the raw manager": re.compile(r"\b(all_rows|_base_manager|_default_manager)\b"),
    "SQL of its own": re.compile(r"\bconnection\.cursor\(|\.raw\(|\.extra\(|RawSQL\("),
    "a whole model where rows belong": re.compile(r"get_(object|list)_or_404\(\s*[A-Z]\w*\s*,"),
}
TEMPLATE_RAW = re.compile(r"\b(all_rows|_base_manager|_default_manager)\b")


def rooms() -> Iterator[Path]:
    """Every file of code that faces people or programs."""
    for street in STREETS:
        yield from (path for path in sorted((ROOT / street).rglob("*.py")) if ROOMS.fullmatch(path.name))


def faults(text: str) -> list[str]:
    """What a room's text does that it may not."""
    return [name for name, pattern in RAW.items() if pattern.search(text)]


def related_names() -> set[str]:
    """Names under which a row reaches many scoped rows of another kind, past their scope."""
    return {
        str(relation.get_accessor_name())
        for model in apps.get_models()
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, ScopedModel) and not relation.one_to_one and relation.get_accessor_name()
    }


def unscoped_relations(text: str, names: Iterable[str]) -> list[str]:
    """Uses of reverse relations as lists of rows: they go by the raw manager."""
    many = "|".join(sorted(map(re.escape, names)))
    return re.findall(rf"\.((?:{many})\.(?:all|filter|exclude|get|count|exists|values|values_list|first|last|order_by))\b", text)


def test_rooms_that_face_people_know_no_raw_manager() -> None:
    assert {str(path.relative_to(ROOT)): found for path in rooms() if (found := faults(path.read_text()))} == {}


def test_rooms_that_face_people_follow_no_reverse_relation() -> None:
    names = related_names()
    found = {str(path.relative_to(ROOT)): unscoped_relations(path.read_text(), names) for path in rooms()}
    assert {path: uses for path, uses in found.items() if uses} == {}


def test_templates_know_no_raw_manager_and_follow_no_reverse_relation() -> None:
    names = related_names()
    texts = {path: path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))}
    found = {
        str(path.relative_to(ROOT)): TEMPLATE_RAW.findall(text) + unscoped_relations(text, names) for path, text in texts.items()
    }
    assert {path: uses for path, uses in found.items() if uses} == {}


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("rows = Company.all_rows.filter(pk=1)", "the raw manager"),
        ("rows = Company._base_manager.all()", "the raw manager"),
        ("rows = Company._default_manager.all()", "the raw manager"),
        ("with connection.cursor() as cursor: ...", "SQL of its own"),
        ("Company.objects.raw('SELECT 1')", "SQL of its own"),
        ("found = get_object_or_404(Company, pk=pk)", "a whole model where rows belong"),
    ],
)
def test_a_planted_way_past_the_scope_is_found(planted: str, fault: str) -> None:
    assert faults(planted) == [fault]


def test_the_scoped_door_is_no_fault() -> None:
    text = "found = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)"
    assert faults(text) == []
    assert unscoped_relations(text, related_names()) == []


def test_a_planted_reverse_relation_is_found() -> None:
    names = related_names()
    assert {"assignments", "relationships", "contacts", "payments"} <= names
    assert unscoped_relations("employee.relationships.all()", names) == ["relationships.all"]
    assert unscoped_relations("{% for row in employee.assignments.all %}", names) == ["assignments.all"]


def import_rooms() -> None:
    """Load every room, so that its classes are known."""
    for path in rooms():
        if path.name != "urls.py":
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def subclasses(kind: type) -> Iterator[type]:
    """Every class of the project below `kind`."""
    children: list[type] = kind.__subclasses__()
    for child in children:
        if child.__module__.split(".")[0] in STREETS:
            yield child
        yield from subclasses(child)


def is_open(rows: QuerySet[Any] | Manager[Any] | None) -> bool:
    """Whether a picker offers scoped rows before it was told who looks."""
    return rows is not None and issubclass(rows.model, ScopedModel) and not rows.all().query.is_empty()


def open_pickers() -> list[str]:
    """Form fields, filters and serializer fields that would offer, or accept, any row of a scoped model."""
    found = []
    for form in set(subclasses(forms.BaseForm)):
        fields = getattr(form, "base_fields", {})
        found += [f"{form.__name__}.{name}" for name, field in fields.items() if is_open(getattr(field, "queryset", None))]
    for filters in set(subclasses(django_filters.FilterSet)):
        kept = getattr(filters, "base_filters", {}).items()
        found += [f"{filters.__name__}.{name}" for name, one in kept if is_open(one.extra.get("queryset"))]
    for serializer in set(subclasses(serializers.ModelSerializer)):
        if not hasattr(serializer, "Meta"):
            continue
        fields = serializer().get_fields()
        found += [f"{serializer.__name__}.{name}" for name, field in fields.items() if is_open(getattr(field, "queryset", None))]
    return sorted(found)


def test_no_picker_offers_rows_before_it_knows_who_looks() -> None:
    import_rooms()
    assert open_pickers() == []


def test_a_planted_open_picker_is_found() -> None:
    class PlantedForm(forms.Form):
        employee = forms.ModelChoiceField(queryset=Employee.all_rows.all())

    PlantedForm.__module__ = "accounts.people.forms"
    assert PlantedForm in set(subclasses(forms.BaseForm))
    assert "PlantedForm.employee" in open_pickers()
    PlantedForm.__module__ = __name__


def test_every_scoped_model_is_closed_until_it_knows_who_looks(db: None) -> None:
    scoped = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
    assert len(scoped) > 20
    open_models = [model.__name__ for model in scoped if not model.objects.get_queryset().query.is_empty()]
    assert open_models == []
    by_default = [model.__name__ for model in scoped if model._meta.default_manager_name != "all_rows"]
    assert by_default == []
