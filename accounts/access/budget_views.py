"""Budgets for opening contacts: what each role and person may, and what of it is used."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.budgets import (
    BUDGET_KEEPERS,
    OPENING_ROLES,
    allowed_for,
    can_set_personal_budget,
    can_set_role_budget,
    remove_personal_budget,
    set_budget,
    set_personal_budget,
)
from accounts.access.forms import BudgetForm
from accounts.access.gate import roles_allowed
from accounts.access.queries import Usage, reveal_usage, role_budgets
from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.queries import current_assignments
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import paginate, render_page

PER_PAGE = 50


@require_GET
@roles_allowed(*BUDGET_KEEPERS)
def budgets(request: HttpRequest) -> HttpResponse:
    """Budgets per role, and of each person what is used today and this month, who is nearest to the end first."""
    today, text = clock.today(), request.GET.get("q", "").strip()[:100]
    people: Any = Employee.objects.visible_to(request.user).working_on(today)
    people = people.filter(user__isnull=False, assignments__valid__contains=today, assignments__role__in=OPENING_ROLES)
    if text:
        people = people.filter(full_name__icontains=text)
    page = paginate(reveal_usage(people.distinct(), today, is_idle_shown=True), request, per_page=PER_PAGE)
    context = {
        "roles": [(row, can_set_role_budget(request.user, row.role)) for row in role_budgets()],
        "page": page,
        "rows": [(row, can_set_personal_budget(request.user, row.employee)) for row in page],
    }
    return render_page(request, "accounts/access/budgets.html", context, partial="accounts/access/_budgets.html")


@require_http_methods(["GET", "POST"])
@roles_allowed(*BUDGET_KEEPERS)
def role_budget(request: HttpRequest, role: str) -> HttpResponse:
    """Say what a person of a role may open."""
    if role not in OPENING_ROLES or not can_set_role_budget(request.user, role):
        raise Http404
    form = _form(request, allowed_for(role))
    if request.method == "POST" and form.is_valid():
        try:
            set_budget(actor=cast("User", request.user), role=role, **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The budget is set."))
            return redirect("accounts:budgets")
    return _page(request, form, str(Role(role).label).capitalize())


@require_http_methods(["GET", "POST"])
@roles_allowed(*BUDGET_KEEPERS)
def personal_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a budget of their own."""
    employee = _person(request, pk)
    place = current_assignments([employee.pk], clock.today()).get(employee.pk)
    form = _form(request, allowed_for(place.role if place else "", employee.user_id))
    if request.method == "POST" and form.is_valid():
        try:
            set_personal_budget(actor=cast("User", request.user), employee=employee, **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The budget is set."))
            return redirect("accounts:budgets")
    (usage,) = reveal_usage([employee], clock.today(), is_idle_shown=True)
    return _page(request, form, employee.full_name, usage=usage)


@require_POST
@roles_allowed(*BUDGET_KEEPERS)
def personal_budget_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the role's budget count for the person again."""
    remove_personal_budget(actor=cast("User", request.user), employee=_person(request, pk))
    messages.success(request, _("The budget of the role counts again."))
    return redirect("accounts:budgets")


def _person(request: HttpRequest, pk: int) -> Employee:
    people: Any = Employee.objects.visible_to(request.user).working_on(clock.today())
    employee: Employee = get_object_or_404(people.select_related("user").distinct(), pk=pk)
    if not can_set_personal_budget(request.user, employee):
        raise Http404
    return employee


def _form(request: HttpRequest, allowed: tuple[int, int]) -> BudgetForm:
    return BudgetForm(request.POST or None, initial={"per_day": allowed[0], "per_month": allowed[1]})


def _page(request: HttpRequest, form: BudgetForm, title: str, *, usage: Usage | None = None) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "usage": usage,
        "breadcrumbs": [(_("Contact budgets"), reverse("accounts:budgets")), (title, "")],
    }
    return render_page(request, "accounts/access/budget.html", context, status=400 if form.errors else 200)
