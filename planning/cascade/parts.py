"""Parts of other streets' pages: which plan asked for a task, or for the work on a company."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from pipeline.clients.models import Company
from pipeline.tasks.models import Task
from planning.cascade.tracing import AskedBy, asked_by


@require_GET
def task_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan that asked for a task, and for whose part of it; empty where a person asked."""
    if not Task.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return _part(request, asked_by(request.user, task_id=pk))


@require_GET
def company_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The plans that asked for calls to a company and cards about it, up to the day in `until` if there is one."""
    if not Company.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return _part(request, asked_by(request.user, company_id=pk, until=_day(request.GET.get("until", ""))))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _part(request: HttpRequest, rows: tuple[AskedBy, ...]) -> HttpResponse:
    return render(request, "planning/cascade/_asked_part.html", {"asked": rows})
