"""The head's page of a department's pool: who its members are, their parts, and what each gets by them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Department, Employee
from compensation.ledger.models import PayPeriod
from compensation.ledger.periods import ledger_begin
from compensation.ledger.policies import can_see_pay_of, can_weigh_pool
from compensation.ledger.pools import DepartmentPool, department_pool
from compensation.ledger.services import set_pool_weights
from compensation.payroll.forms import PoolForm
from compensation.statements.views import month_asked, periods_offered
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput
from salesys.kernel.periods import Month
from salesys.shell.formats import month_text
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page


@require_http_methods(["GET", "POST"])
def pool(request: HttpRequest, department_pk: int) -> HttpResponse:
    """Divide the pool of a month: by days worked, or by parts that add up to 100 %; every change is shown before it is kept."""
    department: Department = get_object_or_404(Department.objects.visible_to(request.user), pk=department_pk)
    offered = periods_offered(request)
    month = month_asked(request, offered[0].month if offered else Month.of(clock.today()))
    if not can_weigh_pool(request.user, department, month):
        raise Http404
    found = department_pool(department, month)
    if request.method == "GET":
        return _page(request, found, PoolForm(pool=found), shown=found)
    if "days" in request.POST:
        return _keep(request, found, PoolForm(pool=found), {})
    form = PoolForm(request.POST, pool=found)
    if "preview" in request.GET:
        shown = department_pool(department, month, weights=form.weights) if form.is_valid() else None
        if request.htmx:  # type: ignore[attr-defined]
            shares = {"form": form, "shown": shown, "opening": _opening(request, found)}
            return render(request, "compensation/payroll/_pool_shares.html", shares)
        return _page(request, found, form, shown=shown)
    if form.is_valid():
        return _keep(request, found, form, {member.employee: form.weights[member.employee.pk] for member in found.members})
    return _page(request, found, form, shown=None)


def _keep(request: HttpRequest, found: DepartmentPool, form: PoolForm, weights: Mapping[Employee, Decimal]) -> HttpResponse:
    user: Any = request.user
    try:
        set_pool_weights(actor=user, department=found.department, month=found.month, weights=weights)
    except InvalidInput as error:
        add_issues(form, error)
        return _page(request, found, form, shown=None)
    except Conflict as error:
        for issue in error.issues:
            messages.error(request, f"{issue.problem} {issue.remedy}")
    else:
        messages.success(request, _("Kept; the next run divides the pool like this."))
    return redirect(_address(found))


def _opening(request: HttpRequest, found: DepartmentPool) -> set[int]:
    """Whose statements open for the viewer: those of members who have left the company open for payroll alone."""
    return {member.employee.pk for member in found.members if can_see_pay_of(request.user, member.employee.pk)}


def _address(found: DepartmentPool) -> str:
    return f"{reverse('compensation:pool', args=[found.department.pk])}?month={found.month}"


def _page(request: HttpRequest, found: DepartmentPool, form: PoolForm, *, shown: DepartmentPool | None) -> HttpResponse:
    period = PayPeriod.objects.visible_to(request.user).filter(month_on=found.month.first).first()
    begun = ledger_begin()
    is_early = begun is not None and found.month < begun
    statements = f"{reverse('compensation:statement_list')}?month={found.month}"
    context = {
        "pool": found,
        "form": form,
        "shown": shown,
        "opening": _opening(request, found),
        "period": period,
        "periods": periods_offered(request),
        "is_early": is_early,
        "is_open": period.is_writable if period else not is_early,
        "address": _address(found),
        "breadcrumbs": [
            (str(_("Statements of %(month)s") % {"month": month_text(found.month.first)}), statements),
            (found.department.name, ""),
        ],
    }
    return render_page(request, "compensation/payroll/pool.html", context, status=400 if form.errors else 200)
