"""The structure as a tree on any date, and its departments and directions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.gate import roles_allowed
from accounts.people.models import Employee, User
from accounts.people.policies import can_keep_structure
from accounts.roles import HEAD_ROLES, Role
from accounts.structure.forms import DepartmentForm, DirectionChangeForm, DirectionForm
from accounts.structure.models import Department, Direction
from accounts.structure.queries import Branch, structure_tree
from accounts.structure.services import (
    change_department,
    change_direction,
    create_department,
    create_direction,
    move_department,
)
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page

READERS = (*HEAD_ROLES, Role.HR, Role.ADMINISTRATOR)


def _date(request: HttpRequest) -> date:
    """The date that the page is for; nonsense means today."""
    try:
        return parse_date(request.GET.get("on", "")) or clock.today()
    except ValueError:
        return clock.today()


def _nodes(branches: Iterable[Branch], *, may_change: bool, opened: Collection[int]) -> list[dict[str, object]]:
    """The tree for the page; people whose page is not open to the viewer are named without a link."""
    return [
        {
            "label": branch.department.name,
            "note": "" if branch.kind.casefold() == branch.department.name.casefold() else branch.kind,
            "figure": branch.people,
            "icon": "building-community",
            "url": reverse("accounts:department", args=[branch.department.pk]) if may_change else "",
            "children": [
                *(
                    {
                        "label": seat.name,
                        "note": " · ".join(filter(None, [str(seat.role.label), seat.direction])),
                        "icon": "user",
                        "url": reverse("accounts:person", args=[seat.employee_id]) if seat.employee_id in opened else "",
                        "children": [],
                    }
                    for seat in branch.seats
                ),
                *_nodes(branch.branches, may_change=may_change, opened=opened),
            ],
        }
        for branch in branches
    ]


@require_GET
@roles_allowed(*READERS)
def structure(request: HttpRequest) -> HttpResponse:
    """Departments and who stood in them on a date."""
    on = _date(request)
    may_change = can_keep_structure(request.user)
    branches = structure_tree(on)
    opened = frozenset(Employee.objects.visible_to(request.user).values_list("pk", flat=True))
    context = {
        "on": on,
        "nodes": _nodes(branches, may_change=may_change, opened=opened),
        "people": sum(branch.people for branch in branches),
        "may_change": may_change,
        "directions": Direction.objects.visible_to(request.user),
    }
    return render_page(request, "accounts/structure/structure.html", context, partial="accounts/structure/_tree.html")


@require_http_methods(["GET", "POST"])
def department_new(request: HttpRequest) -> HttpResponse:
    """Open a department."""
    _gate(request)
    form = DepartmentForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            create_department(actor=cast("User", request.user), **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The department is open."))
            return redirect("accounts:structure")
    return _form_page(request, form, _("New department"))


@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, retype or move a department."""
    _gate(request)
    found: Any = get_object_or_404(Department.objects.visible_to(request.user), pk=pk)
    initial = {"name": found.name, "kind": found.kind, "parent": found.parent_id, "time_zone": found.time_zone}
    form = DepartmentForm(request.POST or None, viewer=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        parent = values.pop("parent")
        try:
            if (parent and parent.pk) != found.parent_id:
                move_department(actor=cast("User", request.user), department=found, parent=parent)
            change_department(actor=cast("User", request.user), department=found, **values)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The department is changed."))
            return redirect("accounts:structure")
    return _form_page(request, form, found.name)


@require_http_methods(["GET", "POST"])
def direction_new(request: HttpRequest) -> HttpResponse:
    """Open an industry direction."""
    _gate(request)
    form = DirectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_direction(actor=cast("User", request.user), **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The direction is open."))
            return redirect("accounts:structure")
    return _form_page(request, form, _("New direction"))


@require_http_methods(["GET", "POST"])
def direction(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a direction, or close it for new assignments."""
    _gate(request)
    found: Any = get_object_or_404(Direction.objects.visible_to(request.user), pk=pk)
    form = DirectionChangeForm(request.POST or None, initial={"name": found.name, "is_active": found.is_active})
    if request.method == "POST" and form.is_valid():
        try:
            change_direction(actor=cast("User", request.user), direction=found, **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The direction is changed."))
            return redirect("accounts:structure")
    return _form_page(request, form, found.name)


def _gate(request: HttpRequest) -> None:
    if not can_keep_structure(request.user):
        raise Http404


def _form_page(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("accounts:structure"), "back_label": _("Structure")}
    return render_page(request, "accounts/form.html", context, status=400 if form.errors else 200)
