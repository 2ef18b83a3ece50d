"""The board of deals and the page of one."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Direction
from pipeline.clients.models import Company
from pipeline.deals import policies, queries, services
from pipeline.deals.forms import DealForm, GiveForm, NewDealForm, initial_of
from pipeline.deals.models import Deal, Stage
from pipeline.deals.whose import choices_of, own_of, whose_of
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.db.search import name_contains
from salesys.kernel.errors import Conflict, InvalidInput, SalesysError
from salesys.kernel.numbers import whole_number
from salesys.shell.forms import add_issues, issue_text
from salesys.shell.pages import is_partial, render_page

BOARD, LANES = "pipeline/deals/board.html", "pipeline/deals/_lanes.html"
FORM = "pipeline/clients/form.html"
COMPANIES_OFFERED = 12


@require_GET
def deal_board(request: HttpRequest) -> HttpResponse:
    """Open deals by stage; who sells begins with the own ones, a head with the team's. Won and lost ones when asked for."""
    if viewer_for(request.user).reach("deals") == "none":
        raise Http404
    return _board(request)


@require_POST
def deal_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a deal to another stage: by drag, by key, by button. The board or the deal's page is shown again."""
    deal = deal_or_404(request, pk)
    stage, version = request.POST.get("stage", ""), request.POST.get("version", "")
    try:
        services.move_deal(actor=_user(request), deal=deal, stage=stage, version=version)
    except (Conflict, InvalidInput) as error:
        return _after(request, pk, error)
    return _after(request, pk, done=_("Moved."))


@require_POST
def deal_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the newest step of a deal back."""
    deal = deal_or_404(request, pk)
    try:
        services.undo_move(actor=_user(request), deal=deal)
    except Conflict as error:
        return _after(request, pk, error)
    return _after(request, pk, done=_("Taken back."))


@require_http_methods(["GET", "POST"])
def deal_new(request: HttpRequest) -> HttpResponse:
    """Open a deal with a company: the one of the address, else one that is chosen in the form."""
    if not policies.can_create_deal(request.user):
        raise Http404
    company = Company.objects.visible_to(request.user).filter(pk=_number(request, "company")).first()
    form = NewDealForm(
        request.POST or None, viewer=request.user, initial={"company": company, "title": company.name if company else ""}
    )
    if company is not None and not policies.can_sell_to(request.user, company.pk):
        messages.error(request, _("You do not hold this client. Ask your head to hand the client over."))
        return redirect("pipeline:company", company.pk)
    if request.method == "POST" and form.is_valid():
        data = form.values()
        draft = services.DealDraft(
            title=data["title"],
            company_id=form.cleaned_data["company"].pk,
            seller_id=form.seller_id,
            product_id=data["product"].pk if data["product"] else None,
            amount=data["amount"],
            expected_on=data["expected_on"],
            next_step=data["next_step"],
            next_step_on=data["next_step_on"],
        )
        try:
            made = services.create_deal(actor=_user(request), draft=draft)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            return redirect("pipeline:deal", made.pk)
    return _form_page(request, form, _("New deal"), "/deals/", lead=company.name if company else "", has_picker=company is None)


@require_GET
def deal_companies(request: HttpRequest) -> HttpResponse:
    """Companies for the form of a new deal whose name contains what is typed; the first of them where nothing is."""
    if not policies.can_create_deal(request.user):
        raise Http404
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = policies.sellable_companies(request.user)
    found = rows.filter(name_contains(text)) if text else rows
    context = {"companies": found.order_by("name_key", "pk")[:COMPANIES_OFFERED]}
    return render(request, "pipeline/deals/_companies.html", context)


@require_http_methods(["GET", "POST"])
def deal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a deal; what was typed stays when somebody else saved it first."""
    found = deal_or_404(request, pk)
    if not policies.can_update_deal(request.user, found):
        raise Http404
    initial = {**initial_of(found), "version": services.version_of(found)}
    is_settled = found.status != Deal.Status.OPEN
    form = DealForm(request.POST or None, viewer=request.user, initial=initial, is_settled=is_settled)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_deal(actor=_user(request), deal=found, values=form.values(), version=form.cleaned_data["version"])
        except InvalidInput as error:
            add_issues(form, error)
        except Conflict:
            form.data = {**form.data.dict(), "version": services.version_of(found)}  # type: ignore[attr-defined]
            form.add_error(None, _("Somebody changed this meanwhile. What you typed is kept: save again to overwrite."))
        else:
            messages.success(request, _("Saved."))
            return redirect("pipeline:deal", pk)
    return _form_page(request, form, found.title, f"/deals/{pk}/")


@require_POST
def deal_lose(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a deal as lost."""
    found = deal_or_404(request, pk)
    try:
        services.lose_deal(
            actor=_user(request), deal=found, reason=request.POST.get("reason", ""), version=request.POST.get("version", "")
        )
    except (Conflict, InvalidInput) as error:
        return _after(request, pk, error)
    return _after(request, pk, done=_("Closed as lost."))


@require_http_methods(["GET", "POST"])
def deal_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a deal to another seller."""
    found = deal_or_404(request, pk)
    if not policies.can_give_deal(request.user, found):
        raise Http404
    form = GiveForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        services.give_deal(actor=_user(request), deal=found, seller=form.cleaned_data["seller"])
        messages.success(request, _("The deal has changed hands."))
        return redirect("pipeline:deal", pk)
    return _form_page(request, form, _("Give to another seller"), f"/deals/{pk}/", lead=found.title)


def deal_or_404(request: HttpRequest, pk: int) -> Deal:
    """The deal, if the viewer sees it."""
    found: Deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=pk)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _number(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _board(request: HttpRequest, status: int = 200) -> HttpResponse:
    viewer = viewer_for(request.user)
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    chosen = whose_of(request, viewer, default=own_of(viewer))
    wanted = queries.BoardFilter(
        text,
        chosen.employees,
        _number(request, "direction"),
        request.GET.get("stage", "")[:20],
        since=_day(request, "since"),
        until=_day(request, "until"),
    )
    lanes = queries.board(viewer, wanted)
    is_wide = viewer.reach("deals") in {"all", "direction"}
    context = {
        "lanes": lanes,
        "wanted": wanted,
        "whose": chosen,
        "sellers": choices_of(viewer, chosen),
        "stages": Stage.objects.visible_to(viewer).order_by("position"),
        "count": sum(lane.count for lane in lanes),
        "today": clock.today(),
        "can_move": viewer.role in policies.WORKERS,
        "can_create": policies.can_create_deal(viewer),
        "directions": Direction.objects.visible_to(viewer).filter(is_active=True) if is_wide else (),
        "query": request.GET.urlencode(),
    }
    return render_page(request, BOARD, context, partial=LANES, status=status)


def _after(request: HttpRequest, pk: int, error: SalesysError | None = None, *, done: str = "") -> HttpResponse:
    """Show what is there now, with a word on what happened: the board for htmx, the deal's page otherwise."""
    text = " ".join(issue_text(issue) for issue in error.issues) if error else done
    if not is_partial(request):
        (messages.error if error else messages.success)(request, text)
        return redirect("pipeline:deal", pk)
    response = _board(request, 409 if isinstance(error, Conflict) else 400 if error else 200)
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": "error" if error else "success"}})
    return response


def _form_page(
    request: HttpRequest, form: Any, title: str, back: str, *, lead: str = "", has_picker: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "back_url": back, "has_picker": has_picker}
    return render_page(request, FORM, context, status=400 if form.errors else 200)
