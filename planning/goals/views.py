"""The year's goal, and how it is divided."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access.gate import roles_allowed
from accounts.roles import TOP_ROLES
from planning.goals.forms import GoalForm
from planning.goals.models import PlanNode, YearPlan
from planning.goals.parts import parts_by_year
from planning.goals.queries import collected_by_month, imbalances
from planning.goals.services import set_year_goal
from planning.goals.tables import node_table
from planning.policies import PLAN_ROLES, can_set_goal
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.shell import charts
from salesys.shell.formats import short_month_text
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page


@require_GET
@roles_allowed(*PLAN_ROLES)
def plans(request: HttpRequest) -> HttpResponse:
    """Plans of all years for those who set them; for everyone else the own parts of agreed plans."""
    nodes = PlanNode.objects.visible_to(request.user).filter(plan__status=YearPlan.Status.AGREED)
    if can_set_goal(request.user):
        # Sellers stand below their direction, on the plan's own page
        nodes = nodes.filter(level__lt=PlanNode.Level.SELLER)
    context = {
        "plans": YearPlan.objects.visible_to(request.user).select_related("author"),
        "years": parts_by_year(nodes),
        "can_set_goal": can_set_goal(request.user),
    }
    return render_page(request, "planning/goals/plans.html", context)


@require_http_methods(["GET", "POST"])
@roles_allowed(*TOP_ROLES)
def goal(request: HttpRequest) -> HttpResponse:
    """Set a year's goal."""
    form = GoalForm(request.POST or None, initial={"year": clock.today().year + 1})
    if request.method == "POST" and form.is_valid():
        try:
            plan = set_year_goal(actor=request.user, **form.service_values())  # type: ignore[arg-type]
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The goal is set. Distribute it next."))
            return redirect("planning:plan", pk=plan.pk)
    return render_page(request, "planning/goals/goal.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
@roles_allowed(*TOP_ROLES)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: goal, months, directions; each direction opens its sellers."""
    found = YearPlan.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    nodes = PlanNode.objects.visible_to(request.user).filter(plan=found, level__lte=PlanNode.Level.DIRECTION)
    table = node_table(nodes)
    context = {
        "plan": found,
        "table": table,
        "wrong": imbalances(found),
        "chart": _chart(found, table.rows[0].amounts) if table.rows else None,
        "can_set_goal": can_set_goal(request.user),
        "breadcrumbs": [(_("Plans"), "/plan/"), (str(found.year), "")],
    }
    return render_page(request, "planning/goals/plan.html", context)


def _chart(plan: YearPlan, amounts: object) -> charts.Chart:
    collected, today = collected_by_month(plan.months[-1].plus(1).first), clock.today()
    fact = [collected.get(month) or (0 if month.first <= today else None) for month in plan.months]
    labels = [short_month_text(month.first) for month in plan.months]
    return charts.plan_fact(_("Collected and planned"), labels, plan=list(amounts), fact=fact)  # type: ignore[call-overload]
