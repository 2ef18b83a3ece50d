"""Looking at companies and calls."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.reveal import opened_ids
from accounts.models import Direction, Employee
from accounts.roles import HEAD_ROLES, Role
from pipeline.calling.hours import zone_of
from pipeline.calling.models import Call
from pipeline.calling.policies import can_call
from pipeline.clients import policies
from pipeline.clients.details import details_of
from pipeline.clients.keyset import keyset_slice
from pipeline.clients.models import Company, Contact, Industry, Relationship
from pipeline.clients.opening import open_contact
from pipeline.deals.models import Deal
from pipeline.deals.policies import can_create_deal, can_sell_to
from pipeline.overview.queries import CARDS, CompanyFilter, companies, company_rows, money_of, trail_of
from pipeline.tasks.models import ResearchCard, Task
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import NotAllowed
from salesys.kernel.numbers import whole_number
from salesys.shell.forms import issue_text
from salesys.shell.pages import is_partial, render_page

LIST_READERS = frozenset(
    {
        Role.OWNER,
        Role.COMMERCIAL_DIRECTOR,
        Role.INDUSTRY_HEAD,
        Role.SELLER,
        Role.CLIENT_MANAGER,
        Role.VIP_MANAGER,
        Role.BASE_MANAGER,
        Role.ACCOUNTANT,
    }
)
"""Telesales and assistants get companies one by one: there is no list for them to carry away."""


QUIET_DAYS = (14, 30, 60, 90, 180)


def number_of(request: HttpRequest, name: str) -> int | None:
    """A number in the address; nonsense means none."""
    return whole_number(request.GET.get(name, ""))


OUTCOME_GROUPS = {"conversations": Call.CONVERSATIONS, "contacts": Call.WARM}
"""Several outcomes that figures count as one."""


def day_of(request: HttpRequest, name: str) -> date | None:
    """A day in the address; nonsense means none."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def text_of(request: HttpRequest, name: str) -> str:
    """A text in the address, stripped and cut."""
    return request.GET.get(name, "").replace("\0", "").strip()[:100]


@require_GET
def company_list(request: HttpRequest) -> HttpResponse:
    """Companies by name, with filters; goes on from the last row shown."""
    viewer = viewer_for(request.user)
    if viewer.role not in LIST_READERS:
        raise Http404
    wanted = CompanyFilter(
        text=text_of(request, "q"),
        industry_id=number_of(request, "industry"),
        direction_id=number_of(request, "direction"),
        holder_id=number_of(request, "holder"),
        city=text_of(request, "city"),
        quiet_days=number_of(request, "quiet"),
    )
    today = clock.today()
    found = keyset_slice(companies(viewer, wanted, today), request.GET.get("after", ""), "name_key", "pk")
    context = {
        "rows": company_rows(found.rows, viewer, today),
        "slice": found,
        "next_url": _next_url(request, found.next_after),
        "first_url": _next_url(request, None),
        "wanted": wanted,
        "today": today,
        "quiet_choices": QUIET_DAYS,
        **_company_choices(viewer),
        "can_create": policies.can_create_company(viewer),
    }
    partial = "pipeline/overview/_companies.html"
    return render_page(request, "pipeline/overview/companies.html", context, partial=partial)


def _company_choices(viewer: Any) -> dict[str, Any]:
    is_wide = viewer.reach("clients") in {"all", "direction", "leads"}
    holders: Any = Employee.objects.visible_to(viewer).working_on(clock.today()) if is_wide else Employee.objects.none()
    return {
        "industries": Industry.objects.visible_to(viewer).order_by("name"),
        "directions": Direction.objects.visible_to(viewer).filter(is_active=True),
        "holders": holders.filter(assignments__role__in=("seller", "client_manager", "vip_manager", "industry_head")).distinct(),
    }


def _next_url(request: HttpRequest, after: str | None) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}"


@require_GET
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one company that the viewer may see."""
    viewer = viewer_for(request.user)
    rows = Company.objects.visible_to(viewer).select_related("industry", "direction", "parent")
    found: Company = get_object_or_404(rows, pk=pk)
    today = clock.today()
    context = {
        "company": found,
        "contacts": details_of(Contact.objects.visible_to(viewer).filter(company=found)[:50], opened_ids(viewer)),
        "relationships": _relationships(found, viewer),
        "deals": _deals(found, viewer),
        "tasks": Task.objects.visible_to(viewer).open().filter(company=found).select_related("assignee")[:20],
        "cards": ResearchCard.objects.visible_to(viewer).filter(company=found).select_related("author")[:CARDS],
        "trail": trail_of(found, viewer),
        "money": money_of(found, viewer),
        "today": today,
        "time_there": clock.now().astimezone(zone_of(found.time_zone)).time(),
        "can": _rights(viewer, found),
        "breadcrumbs": [(_("Companies"), _list_url(viewer)), (found.name, "")],
    }
    return render_page(request, "pipeline/overview/company.html", context)


def _list_url(viewer: Any) -> str:
    return "/companies/" if viewer.role in LIST_READERS else ""


def _relationships(found: Company, viewer: Any) -> Any:
    rows: Any = Relationship.objects.visible_to(viewer).filter(company=found).select_related("employee")
    return rows.order_by("-valid")[:20]


def _deals(found: Company, viewer: Any) -> Any:
    rows = Deal.objects.visible_to(viewer).filter(company=found).select_related("stage", "seller")
    return rows.order_by("status", "-opened_on")[:20]


def _rights(viewer: Any, found: Company) -> dict[str, bool]:
    """What the page offers; the company is visible, so only roles and, for deals, its holder are asked: 1 SQL statement."""
    role = viewer.role
    return {
        "update": role in policies.CREATORS,
        "contacts": role in policies.CONTACT_EDITORS,
        "hand_over": role in HEAD_ROLES,
        "call": can_call(viewer) and role != Role.TELESALES,
        "deal": can_create_deal(viewer) and can_sell_to(viewer, found.pk),
        "task": True,
    }


@require_POST
def contact_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a contact's phone and e-mail: counted against the person's budget, and open until midnight."""
    contact: Any = get_object_or_404(Contact.objects.visible_to(request.user).select_related("company"), pk=pk)
    viewer = viewer_for(request.user)
    try:
        open_contact(actor=_user(request), contact=contact)
    except NotAllowed as error:
        return _budget_spent(request, contact, error)
    if not is_partial(request):
        return redirect("pipeline:company", contact.company_id)
    [shown] = details_of([contact], {contact.pk})
    can = {"contacts": viewer.role in policies.CONTACT_EDITORS}
    return render_page(request, "pipeline/overview/_contact.html", {"contact": shown, "can": can})


@require_GET
def call_log(request: HttpRequest) -> HttpResponse:
    """Calls that the viewer sees, newest first."""
    viewer = viewer_for(request.user)
    if viewer.reach("calls") == "none":
        raise Http404
    asked = _calls_asked(request)
    rows = Call.objects.visible_to(viewer).select_related("employee", "company").filter(**asked)
    found = keyset_slice(rows, request.GET.get("after", ""), "called_on", "pk", is_descending=True)
    is_wide = viewer.reach("calls") in {"all", "direction"}
    visible = set(
        Company.objects.visible_to(viewer).filter(pk__in=[row.company_id for row in found.rows]).values_list("pk", flat=True)
    )
    context = {
        "calls": found.rows,
        "slice": found,
        "visible": visible,
        "next_url": _next_url(request, found.next_after),
        "first_url": _next_url(request, None),
        "since": asked.get("called_on__gte"),
        "until": asked.get("called_on__lte"),
        "outcomes": Call.Outcome.choices,
        "outcome": text_of(request, "outcome"),
        "employees": Employee.objects.visible_to(viewer).working_on(clock.today()) if is_wide else (),
        "employee_id": asked.get("employee_id"),
    }
    return render_page(request, "pipeline/overview/calls.html", context, partial="pipeline/overview/_calls.html")


def _calls_asked(request: HttpRequest) -> dict[str, Any]:
    """Lookups of the outcome or a group of them, the caller and the days that the address asks for; nonsense narrows nothing."""
    outcome = text_of(request, "outcome")
    outcomes = OUTCOME_GROUPS.get(outcome, (outcome,) if outcome in Call.Outcome.values else ())
    found = {
        "outcome__in": outcomes,
        "employee_id": number_of(request, "employee"),
        "called_on__gte": day_of(request, "since"),
        "called_on__lte": day_of(request, "until"),
    }
    return {lookup: value for lookup, value in found.items() if value}


def _user(request: HttpRequest) -> Any:
    return request.user


def _budget_spent(request: HttpRequest, contact: Any, error: NotAllowed) -> HttpResponse:
    """The page stays as it is, with the reason on top of it."""
    text = " ".join(issue_text(issue) for issue in error.issues)
    if not is_partial(request):
        messages.error(request, text)
        return redirect("pipeline:company", contact.company_id)
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": {"text": text, "tone": "error"}})})
