"""Distribution, agreement and the people that a plan needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.gate import roles_allowed
from accounts.roles import HEAD_ROLES, TOP_ROLES
from planning.cascade.models import HeadcountNeed
from planning.cascade.queries import headcount_table, signals, vacancies
from planning.cascade.services import compute_funnel, generate_role_tasks
from planning.goals.models import YearPlan
from planning.goals.services import agree_plan, distribute_plan
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import issue_text
from salesys.shell.pages import render_page


def _plan(request: HttpRequest, pk: int) -> YearPlan:
    found: YearPlan | None = YearPlan.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _do(request: HttpRequest, plan: YearPlan, deed: Callable[[], str]) -> HttpResponse:
    """Do something to the plan and say what came of it on the plan's page."""
    try:
        with transaction.atomic():
            messages.success(request, deed())
    except InvalidInput as error:
        for issue in error.issues:
            messages.error(request, issue_text(issue))
    return redirect("planning:plan", pk=plan.pk)


@require_POST
@roles_allowed(*TOP_ROLES)
def distribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Divide the goal, and show the funnel that it asks for."""
    plan = _plan(request, pk)

    def deed() -> str:
        distribute_plan(actor=request.user, plan=plan)  # type: ignore[arg-type]
        compute_funnel(actor=request.user, plan=plan)  # type: ignore[arg-type]
        return _("The goal is distributed by month, direction and seller.")

    return _do(request, plan, deed)


@require_POST
@roles_allowed(*TOP_ROLES)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the plan in force and give everyone their days."""
    plan = _plan(request, pk)

    def deed() -> str:
        agree_plan(actor=request.user, plan=plan)  # type: ignore[arg-type]
        written = generate_role_tasks(plan=plan, actor=request.user)  # type: ignore[arg-type]
        return _("The plan is agreed: %(targets)s daily targets are set.") % {"targets": written.targets}

    return _do(request, plan, deed)


@require_POST
@roles_allowed(*TOP_ROLES)
def regenerate(request: HttpRequest, pk: int) -> HttpResponse:
    """Pace the plan anew from today, without waiting for the night."""
    plan = _plan(request, pk)

    def deed() -> str:
        written = generate_role_tasks(plan=plan, actor=request.user)  # type: ignore[arg-type]
        return _("Computed anew: %(changed)s daily targets changed.") % {"changed": written.changed}

    return _do(request, plan, deed)


@require_GET
@roles_allowed(*HEAD_ROLES)
def headcount(request: HttpRequest, year: int) -> HttpResponse:
    """People needed and there by role and month, from when to hire, and what came back because it cannot be done."""
    rows = HeadcountNeed.objects.visible_to(request.user).filter(plan__year=year, plan__status=YearPlan.Status.AGREED)
    if not MINYEAR <= year <= MAXYEAR:
        raise Http404
    since = max(clock.today().replace(day=1), date(year, 1, 1))
    is_over = since.year > year
    context = {
        "year": year,
        "table": headcount_table(rows),
        "signals": () if is_over else signals(request.user, since),
        "vacancies": () if is_over else vacancies(request.user, since),
        "breadcrumbs": [(_("Plans"), "/plan/"), (_("People needed"), "")],
    }
    return render_page(request, "planning/cascade/headcount.html", context)
