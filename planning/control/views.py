"""Plan and fact of a node, a person and a team."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access.gate import roles_allowed
from accounts.models import Employee
from accounts.roles import HEAD_ROLES, Role
from pipeline.models import Deal
from planning.cascade.measures import DEAL_WINDOW_DAYS, WINDOW_DAYS
from planning.cascade.queries import item_counts, items_of, seller_plan
from planning.control.pages import month_of, node_facts, person_days, team_rows
from planning.control.queries import conveyor
from planning.engine.activities import Activity
from planning.goals.models import PlanNode
from planning.goals.tables import node_table
from planning.norms.models import ACTIVITY_NAMES
from planning.policies import PLAN_ROLES, can_see_work_of
from salesys.db import clock
from salesys.db.replicas import report_view
from salesys.db.scope import viewer_for
from salesys.kernel.periods import Month
from salesys.shell.pages import paginate, render_page

DAYS_AHEAD = 4
CONVEYOR_DAYS = 90


def _node(request: HttpRequest, pk: int) -> PlanNode:
    found: PlanNode | None = (
        PlanNode.objects.visible_to(request.user).filter(pk=pk).select_related("plan", "parent", "direction", "employee").first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
@roles_allowed(*PLAN_ROLES)
@report_view
def node(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of a plan: months with their facts, the parts below it, and a seller's funnel backwards."""
    found = _node(request, pk)
    below = PlanNode.objects.visible_to(request.user).filter(parent=found)
    context = {
        "node": found,
        "above": PlanNode.objects.visible_to(request.user).filter(pk=found.parent_id).select_related("plan", "direction").first(),
        "facts": node_facts(found),
        "below": node_table(below),
        "seller": seller_plan(found.plan, found.employee_id) if found.employee_id else None,
        "breadcrumbs": [(_("Plans"), "/plan/"), (f"{found.plan.year}: {found.title}", "")],
    }
    return render_page(request, "planning/control/node.html", context)


@require_GET
@roles_allowed(*PLAN_ROLES)
@report_view
def evidence(request: HttpRequest, pk: int, activity: int) -> HttpResponse:
    """The deals that a seller's measured conversion or average payment was counted from."""
    found = _node(request, pk)
    seller = seller_plan(found.plan, found.employee_id) if found.employee_id else None
    if seller is None or activity not in {Activity.WARM_CONTACTS, Activity.MEETINGS, Activity.PROPOSALS, Activity.DEALS}:
        raise Http404
    basis = seller.funnel.basis_on
    statuses, days = (["won"], DEAL_WINDOW_DAYS) if activity == Activity.DEALS else (["won", "lost"], WINDOW_DAYS)
    deals = Deal.objects.visible_to(request.user).filter(
        seller=found.employee_id, status__in=statuses, closed_on__gte=basis - timedelta(days=days), closed_on__lt=basis
    )
    context = {
        "node": found,
        "activity": ACTIVITY_NAMES[activity],
        "since": basis - timedelta(days=days),
        "basis": basis,
        "page": paginate(deals.select_related("company", "stage").order_by("-closed_on", "-pk"), request),
        "breadcrumbs": [(_("Plans"), "/plan/"), (found.title, f"/plan/nodes/{found.pk}/"), (_("Counted deals"), "")],
    }
    return render_page(request, "planning/control/evidence.html", context)


@require_GET
@roles_allowed(*PLAN_ROLES)
@report_view
def my_days(request: HttpRequest) -> HttpResponse:
    """The own norms by day; heads without own norms see their team instead."""
    employee_id = viewer_for(request.user).employee_id
    return _days(request, employee_id or 0)


@require_GET
@roles_allowed(*PLAN_ROLES)
@report_view
def days(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Norms by day of somebody below."""
    if not can_see_work_of(request.user, employee_id):
        raise Http404
    return _days(request, employee_id)


def _days(request: HttpRequest, employee_id: int) -> HttpResponse:
    person = Employee.objects.visible_to(request.user).filter(pk=employee_id).first()
    if person is None:
        raise Http404
    today, month = clock.today(), month_of(request)
    is_caller = viewer_for(request.user).role == Role.TELESALES
    context = {
        "person": person,
        "month": month,
        "previous": month.plus(-1),
        "next": month.plus(1),
        "today": today,
        "is_own": employee_id == viewer_for(request.user).employee_id,
        "days": person_days(employee_id, month, today),
        "counts": item_counts(employee_id, today, _horizon(today)) if is_caller else (),
        "items": () if is_caller else items_of(employee_id, today, _horizon(today)),
    }
    return render_page(request, "planning/control/days.html", context)


def _horizon(today: date) -> date:
    return today + timedelta(days=DAYS_AHEAD)


@require_GET
@roles_allowed(*HEAD_ROLES)
@report_view
def team(request: HttpRequest) -> HttpResponse:
    """Plan and fact of everyone below, and the conveyor by section."""
    month, today = month_of(request), clock.today()
    viewer = viewer_for(request.user)
    employees = None if viewer.reach("plans") == "all" else sorted(viewer.team_ids)
    until = min(month.last, today)
    context = {
        "month": month,
        "previous": month.plus(-1),
        "next": month.plus(1),
        "team": team_rows(request.user, month, today),
        "sections": conveyor(employees, until - timedelta(days=CONVEYOR_DAYS - 1), until) if month.first <= today else (),
        "conveyor_days": CONVEYOR_DAYS,
        "is_current": month == Month.of(today),
    }
    return render_page(request, "planning/control/team.html", context)
