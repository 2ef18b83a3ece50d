"""Pages of call lists, for heads and the base manager, and the call to a client of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pipeline.calling import policies, queries
from pipeline.calling.drafts import company_draft_key
from pipeline.calling.forms import CallListForm, CompanyCallForm, FillForm
from pipeline.calling.models import Call, CallList
from pipeline.calling.services import add_entries, create_list, log_company_call, set_members, undo_last_call, update_list
from pipeline.clients.models import Company, Contact
from salesys.db.drafts import discard_draft, draft_of
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, InvalidInput
from salesys.rest.once import Sent, send_once
from salesys.shell.forms import add_issues
from salesys.shell.pages import paginate, render_page

LIST = "pipeline/calling/list.html"


@require_GET
def call_lists(request: HttpRequest) -> HttpResponse:
    """Lists within the viewer's reach and how far they are."""
    viewer = viewer_for(request.user)
    if viewer.reach("call_lists") == "none":
        raise Http404
    page = paginate(CallList.objects.visible_to(viewer).select_related("direction", "seller"), request, per_page=25)
    progress = queries.progress_of([row.pk for row in page])
    rows = [(row, progress.get(row.pk, queries.Progress())) for row in page]
    context = {"page": page, "rows": rows, "can_create": policies.can_create_list(viewer)}
    return render_page(request, "pipeline/calling/lists.html", context, partial="pipeline/calling/_lists.html")


@require_GET
def call_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: who calls it, how far it is, what came of it, and where more companies are put on it."""
    found = list_or_404(request, pk)
    return _list_page(request, found, FillForm(viewer=request.user) if policies.can_change_list(request.user, found) else None)


@require_http_methods(["GET", "POST"])
def call_list_new(request: HttpRequest) -> HttpResponse:
    """Make a list."""
    if not policies.can_create_list(request.user):
        raise Http404
    form = CallListForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        members = [person.pk for person in form.cleaned_data["members"]]
        try:
            made = create_list(actor=_user(request), fields=form.fields_of_list(), member_ids=members)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            is_visible = CallList.objects.visible_to(request.user).filter(pk=made.pk).exists()
            return redirect("pipeline:call_list", made.pk) if is_visible else redirect("pipeline:call_lists")
    return _form_page(request, form, _("New call list"), reverse("pipeline:call_lists"))


@require_http_methods(["GET", "POST"])
def call_list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a list and who calls it."""
    found = list_or_404(request, pk)
    if not policies.can_change_list(request.user, found):
        raise Http404
    members = list(found.members.values_list("employee_id", flat=True))
    initial = {name: getattr(found, name) for name in ("name", "direction", "seller", "script", "is_active")} | {
        "members": members
    }
    may_route = policies.can_route_list(request.user, found)
    form = CallListForm(request.POST or None, viewer=request.user, may_route=may_route, initial=initial)
    if request.method == "POST" and form.is_valid():
        unseen = set(members) - set(form.fields["members"].queryset.values_list("pk", flat=True))  # type: ignore[attr-defined]
        chosen = {person.pk for person in form.cleaned_data["members"]} | unseen
        try:
            update_list(actor=_user(request), call_list=found, fields=form.fields_of_list())
            set_members(actor=_user(request), call_list=found, member_ids=chosen)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("pipeline:call_list", pk)
    return _form_page(request, form, found.name, reverse("pipeline:call_list", args=[pk]))


@require_POST
def call_list_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the companies of a filter on a list."""
    found = list_or_404(request, pk)
    if not policies.can_change_list(request.user, found):
        raise Http404
    form = FillForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return _list_page(request, found, form, status=400)
    ids = list(queries.companies_to_call(viewer_for(request.user), form.wanted()))
    added = add_entries(
        actor=_user(request), call_list=found, company_ids=ids, without_held=form.cleaned_data["without_held"], keeps_order=False
    )
    messages.success(request, _("%(added)s of %(found)s companies are on the list now.") % {"added": added, "found": len(ids)})
    return redirect("pipeline:call_list", pk)


@require_http_methods(["GET", "POST"])
def company_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a call to a client of one's own."""
    company: Company = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)
    if not policies.can_call(request.user):
        raise Http404
    key = company_draft_key(pk)
    form = CompanyCallForm(request.POST or None, viewer=request.user, initial=draft_of(request.user, key))
    if request.method == "POST" and form.is_valid():
        try:
            sent = send_once(request, form, lambda: _logged(request, company, form))
        except (InvalidInput, Conflict) as error:
            add_issues(form, InvalidInput(*error.issues))
        else:
            discard_draft(user=request.user, key=key)
            messages.success(request, _("The call is logged.") if sent.is_new else _("This call was logged already."))
            return redirect(sent.url)
    contacts: Any = Contact.objects.visible_to(request.user).filter(company=company)
    context = {
        "company": company,
        "form": form,
        "contacts": [(contact.pk, contact.full_name) for contact in contacts[:50]],
        "outcomes": list(enumerate(Call.Outcome.choices, start=1)),
        "draft_url": reverse("pipeline:draft", args=[key]),
        "breadcrumbs": [(company.name, reverse("pipeline:company", args=[pk])), (gettext_lazy("Call"), "")],
    }
    return render_page(request, "pipeline/calling/company_call.html", context, status=400 if form.errors else 200)


def _logged(request: HttpRequest, company: Company, form: CompanyCallForm) -> Sent:
    log_company_call(actor=_user(request), company=company, report=form.report())
    return Sent(reverse("pipeline:company", args=[company.pk]), is_new=True)


@require_POST
def call_undo(request: HttpRequest) -> HttpResponse:
    """Take back the newest call that was logged by hand."""
    if not policies.can_call(request.user):
        raise Http404
    try:
        undo_last_call(actor=_user(request))
    except Conflict as error:
        messages.error(request, error.issues[0].problem)
    else:
        messages.success(request, _("Taken back."))
    return redirect("pipeline:call_log")


def list_or_404(request: HttpRequest, pk: int) -> CallList:
    """The list, if the viewer sees it."""
    rows = CallList.objects.visible_to(request.user).select_related("direction", "seller")
    found: CallList = get_object_or_404(rows, pk=pk)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _list_page(request: HttpRequest, found: CallList, form: FillForm | None, status: int = 200) -> HttpResponse:
    context = {
        "list": found,
        "form": form,
        "progress": queries.progress_of([found.pk]).get(found.pk, queries.Progress()),
        "outcomes": queries.outcomes_of(found.pk),
        "members": found.members.select_related("employee"),
        "can_change": form is not None,
        "breadcrumbs": [(gettext_lazy("Call lists"), reverse("pipeline:call_lists")), (found.name, "")],
    }
    return render_page(request, LIST, context, status=status)


def _form_page(request: HttpRequest, form: Any, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": back}
    return render_page(request, "pipeline/clients/form.html", context, status=400 if form.errors else 200)
