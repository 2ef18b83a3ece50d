"""Schemes: what each promises, from when; a new version; who is paid by it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.gate import roles_allowed
from accounts.roles import Role
from compensation.engine.newness import FIRST_DEAL, NewUntil
from compensation.engine.terms import SchemeTerms
from compensation.schemes.forms import (
    AssignForm,
    ComponentForm,
    ComponentFormSet,
    SchemeForm,
    VersionForm,
    add_component_issues,
    initial_of,
    initial_rule,
)
from compensation.schemes.models import Scheme
from compensation.schemes.policies import can_edit_schemes
from compensation.schemes.queries import VersionView, assignments_of, latest_version, summaries, versions_of
from compensation.schemes.services import assign_scheme, create_scheme, save_scheme_version
from compensation.schemes.wording import component_in_words, new_until_in_words
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page

EDITORS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)


@require_GET
def scheme_list(request: HttpRequest) -> HttpResponse:
    """Schemes as they stand today."""
    rows = summaries(Scheme.objects.visible_to(request.user), clock.today())
    context = {
        "rows": [{"row": row, "words": [(part.name, component_in_words(part)) for part in row.components]} for row in rows],
        "can_edit": can_edit_schemes(request.user),
    }
    return render_page(request, "compensation/schemes/list.html", context)


@require_GET
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """One scheme: its versions, the newest first, and who is paid by it."""
    row = _scheme(request, pk)
    can_edit = can_edit_schemes(request.user)
    context = {
        "scheme": row,
        "versions": [_version_context(view) for view in versions_of(row)],
        "assignments": assignments_of(row) if can_edit else [],
        "assign_form": AssignForm(viewer=request.user, initial={"from_on": clock.today()}) if can_edit else None,
        "can_edit": can_edit,
        "today": clock.today(),
        "breadcrumbs": [(_("Pay schemes"), reverse("compensation:scheme_list")), (row.name, "")],
    }
    return render_page(request, "compensation/schemes/scheme.html", context)


def _version_context(view: VersionView) -> dict[str, Any]:
    return {
        "version": view.version,
        "new_until": new_until_in_words(NewUntil.parse(view.version.new_until)),
        "words": [(part.name, component_in_words(part)) for part in view.components],
    }


def _scheme(request: HttpRequest, pk: int) -> Scheme:
    row: Scheme = get_object_or_404(Scheme.objects.visible_to(request.user), pk=pk)
    return row


@require_http_methods(["GET", "POST"])
@roles_allowed(*EDITORS)
def scheme_new(request: HttpRequest) -> HttpResponse:
    """A new scheme; its first version is written next."""
    form = SchemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_scheme(actor=_user(request), **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            return redirect("compensation:scheme_edit", pk=made.pk)
    return render_page(request, "compensation/schemes/new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@roles_allowed(*EDITORS)
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a scheme from a date on; it begins as a copy of the latest."""
    row = _scheme(request, pk)
    latest = latest_version(row)
    form = VersionForm(request.POST or None, initial=_initial(latest))
    parts = ComponentFormSet(
        request.POST or None,
        prefix="parts",
        initial=[initial_of(part) for part in latest.components] if latest else [{"kind": "salary"}],
        form_kwargs={"viewer": request.user},
    )
    if request.method == "POST" and form.is_valid() and parts.is_valid() and _save(request, row, form, list(parts)):
        messages.success(request, _("The version is saved; the next run computes what it changes."))
        return redirect("compensation:scheme", pk=row.pk)
    is_refused = request.method == "POST" and (bool(form.errors) or not parts.is_valid())
    context = {
        "scheme": row,
        "form": form,
        "parts": parts,
        "breadcrumbs": [
            (_("Pay schemes"), reverse("compensation:scheme_list")),
            (row.name, reverse("compensation:scheme", args=[row.pk])),
            (_("New version"), ""),
        ],
    }
    return render_page(request, "compensation/schemes/edit.html", context, status=400 if is_refused else 200)


def _initial(latest: VersionView | None) -> dict[str, Any]:
    """A change of terms is offered from the next month on: the month that has begun is summed under the terms in force last."""
    if latest is None:
        return {"from_on": clock.today(), **initial_rule(FIRST_DEAL)}
    return {"from_on": Month.of(clock.today()).plus(1).first, **initial_rule(NewUntil.parse(latest.version.new_until))}


def _save(request: HttpRequest, row: Scheme, form: VersionForm, parts: list[ComponentForm]) -> bool:
    filled = [part for part in parts if part.is_filled]
    terms = SchemeTerms(tuple(part.component(place) for place, part in enumerate(filled)), form.rule())
    data = form.cleaned_data
    try:
        save_scheme_version(actor=_user(request), scheme=row, terms=terms, from_on=data["from_on"], note=data["note"])
    except InvalidInput as error:
        add_component_issues(form, filled, error)
        return False
    return True


@require_http_methods(["POST"])
@roles_allowed(*EDITORS)
def scheme_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay a person or a role by the scheme."""
    row = _scheme(request, pk)
    form = AssignForm(request.POST, viewer=request.user)
    if form.is_valid():
        try:
            assign_scheme(actor=_user(request), scheme=row, **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("Assigned."))
            return redirect("compensation:scheme", pk=row.pk)
    context = {
        "scheme": row,
        "form": form,
        "breadcrumbs": [(_("Pay schemes"), reverse("compensation:scheme_list")), (row.name, "")],
    }
    return render_page(request, "compensation/schemes/assign.html", context, status=400)


def _user(request: HttpRequest) -> Any:
    return request.user
