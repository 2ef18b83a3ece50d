"""The page of a deal: where it stands, what is next, and everything that led to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from pipeline.clients.models import Company
from pipeline.deals import policies, queries, services
from pipeline.deals.forms import LoseForm
from pipeline.deals.models import Deal, Stage
from pipeline.money.models import Contract
from pipeline.overview.queries import trail_of
from pipeline.tasks.models import Task
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.shell.pages import render_page


@require_GET
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """One deal with its steps, its contract, its client's tasks and what happened with the client."""
    viewer = viewer_for(request.user)
    rows = Deal.objects.visible_to(viewer).select_related("company", "seller", "stage", "product", "warmed_by")
    found: Deal = get_object_or_404(rows, pk=pk)
    history = queries.history_of(found)
    can_update = policies.can_update_deal(viewer, found)
    context: dict[str, Any] = {
        "deal": found,
        "history": history,
        "stages": Stage.objects.visible_to(viewer).filter(kind=Stage.Kind.OPEN),
        "version": services.version_of(found),
        "can_update": can_update,
        "can_give": policies.can_give_deal(viewer, found),
        "can_undo": can_update and services.can_undo(found, history, viewer.user_id),
        "contract": Contract.objects.visible_to(viewer).filter(deal=found).first(),
        "lose_form": LoseForm(),
        "today": clock.today(),
        "breadcrumbs": [(_("Deals"), reverse("pipeline:deal_board")), (found.title, "")],
        **_of_client(found, viewer),
    }
    return render_page(request, "pipeline/overview/deal.html", context)


def _of_client(found: Deal, viewer: Any) -> dict[str, Any]:
    company = Company.objects.visible_to(viewer).filter(pk=found.company_id).first() if found.company_id else None
    if company is None:
        return {"sees_company": False}
    tasks = Task.objects.visible_to(viewer).open().filter(company=company).select_related("assignee")
    return {"sees_company": True, "trail": trail_of(company, viewer, limit=20), "tasks": tasks[:10]}
