"""The page of import issues: what was repaired by rule, what a person must decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.gate import roles_allowed
from pipeline.deals.models import Deal
from pipeline.leads.forms import CompanyForm
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.leads.policies import DECIDERS
from pipeline.leads.queries import counts_by_status, kinds_of, latest_batches
from pipeline.leads.services import DEAL, dismiss_issue, give_company, needs_company
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import paginate, render_page


@require_GET
@roles_allowed(*DECIDERS)
def issue_list(request: HttpRequest) -> HttpResponse:
    """Issues of one status, narrowed by file and kind."""
    seen = ImportIssue.objects.visible_to(request.user)
    status = request.GET.get("status", ImportIssue.Status.OPEN)
    of_status = seen.filter(status=status if status in ImportIssue.Status.values else ImportIssue.Status.OPEN)
    kind = request.GET.get("kind", "").replace("\x00", "")
    file, _slash, code = kind.rpartition("/")
    rows = of_status.filter(file=file, code=code) if kind else of_status
    counts = counts_by_status(seen)
    context = {
        "page": paginate(rows.select_related("batch").order_by("file", "line", "pk"), request, count=True),
        "tabs": _tabs(counts),
        "status": status,
        "kind": kind,
        "kinds": kinds_of(of_status),
        "batches": latest_batches(ImportBatch.objects.visible_to(request.user)),
    }
    return render_page(request, "pipeline/leads/issue_list.html", context, partial="pipeline/leads/_issues.html")


@require_GET
@roles_allowed(*DECIDERS)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """One row as it came, what is wrong with it, and what can be done."""
    row = _issue(request, pk)
    search = request.GET.get("q", "").replace("\x00", "")[:100]
    return _issue_page(request, row, CompanyForm(viewer=request.user, search=search))


@require_POST
@roles_allowed(*DECIDERS)
def issue_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the deal of the row its company."""
    row = _issue(request, pk)
    form = CompanyForm(request.POST, viewer=request.user)
    if form.is_valid():
        try:
            give_company(actor=_user(request), issue=row, company=form.cleaned_data["company"])
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The deal has its company now."))
            return _to_next(request, row)
    return _issue_page(request, row, form, code=400)


@require_POST
@roles_allowed(*DECIDERS)
def issue_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the row as it is."""
    row = _issue(request, pk)
    dismiss_issue(actor=_user(request), issue=row)
    messages.success(request, _("The row is dismissed."))
    return _to_next(request, row)


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """One per status, what is to be decided first: that is the page's own address."""
    here, first = reverse("pipeline:issue_list"), ImportIssue.Status.OPEN
    others = [status for status in ImportIssue.Status if status != first]
    urls = [(first, here), *((status, f"{here}?status={status.value}") for status in others)]
    return [(capfirst(str(status.label)), url, counts[status.value]) for status, url in urls]


def _issue_page(request: HttpRequest, row: ImportIssue, form: CompanyForm, code: int = 200) -> HttpResponse:
    deal = Deal.objects.visible_to(request.user).filter(pk=row.object_id or 0).first() if row.object_type == DEAL else None
    context = {
        "issue": row,
        "cells": list(row.row.items()),
        "deal": deal,
        "form": form,
        "search": request.GET.get("q", ""),
        "can_repair": row.status == ImportIssue.Status.OPEN and needs_company(row),
        "can_dismiss": row.status == ImportIssue.Status.OPEN,
        "breadcrumbs": [(_("Import issues"), reverse("pipeline:issue_list")), (f"{row.file}:{row.line}", "")],
    }
    return render_page(request, "pipeline/leads/issue.html", context, status=code)


def _to_next(request: HttpRequest, row: ImportIssue) -> HttpResponse:
    """The next open row of the same kind, so that a list is worked off; the list when there is none."""
    rest = ImportIssue.objects.visible_to(request.user).filter(status=ImportIssue.Status.OPEN, file=row.file, code=row.code)
    following = rest.filter(line__gt=row.line).order_by("line", "pk").first() or rest.order_by("line", "pk").first()
    return redirect("pipeline:issue", pk=following.pk) if following else redirect("pipeline:issue_list")


def _issue(request: HttpRequest, pk: int) -> ImportIssue:
    row: Any = ImportIssue.objects.visible_to(request.user).select_related("batch", "resolved_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    found: ImportIssue = row
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
