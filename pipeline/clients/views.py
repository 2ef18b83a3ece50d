"""Writing companies, contacts and holders; looking at them is `pipeline.overview`."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Employee
from pipeline.clients import policies
from pipeline.clients.duplicates import duplicates_told
from pipeline.clients.forms import TIME_ZONES, CompanyForm, ContactForm, HandOverForm, initial_of
from pipeline.clients.models import Company, Contact
from pipeline.clients.queries import clients_left
from pipeline.clients.services import (
    add_contact,
    create_company,
    hand_over_company,
    reassign_clients_of,
    update_company,
    update_contact,
    version_of,
)
from salesys.db import clock
from salesys.db.drafts import save_draft
from salesys.kernel.errors import Conflict, InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page

FORM = "pipeline/clients/form.html"
DRAFT_KEY = re.compile(r"[a-z]{2,20}-[0-9]{1,18}")


@require_http_methods(["GET", "POST"])
def company_new(request: HttpRequest) -> HttpResponse:
    """Add a company."""
    if not policies.can_create_company(request.user):
        raise Http404
    form = CompanyForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with duplicates_told(_user(request)):
                company = create_company(actor=_user(request), fields=form.values())
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The company is added."))
            is_visible = policies.sees_company(request.user, company)
            return redirect("pipeline:company", company.pk) if is_visible else redirect("pipeline:company_list")
    return _form_page(request, form, _("Add a company"), reverse("pipeline:company_list"))


@require_http_methods(["GET", "POST"])
def company_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a company; refused when somebody else saved it meanwhile."""
    company = company_or_404(request, pk)
    if not policies.can_update_company(request.user, company):
        raise Http404
    form = CompanyForm(request.POST or None, viewer=request.user, initial={**initial_of(company), "version": version_of(company)})
    if request.method == "POST" and form.is_valid():
        try:
            with duplicates_told(_user(request)):
                update_company(actor=_user(request), company=company, fields=form.values(), version=form.cleaned_data["version"])
        except InvalidInput as error:
            add_issues(form, error)
        except Conflict:
            _keep_typed(form, company)
        else:
            messages.success(request, _("Saved."))
            return redirect("pipeline:company", pk)
    return _form_page(request, form, company.name, reverse("pipeline:company", args=[pk]))


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person at a company."""
    company = company_or_404(request, pk)
    if not policies.can_update_contacts(request.user, company):
        raise Http404
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(actor=_user(request), company=company, fields=form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The contact is added."))
            return redirect("pipeline:company", pk)
    return _form_page(request, form, _("Add a contact"), reverse("pipeline:company", args=[pk]), lead=company.name)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact whose details are open to the viewer; a masked phone or e-mail left empty stays as it is."""
    contact: Any = get_object_or_404(Contact.objects.visible_to(request.user).select_related("company"), pk=pk)
    if not policies.can_update_contacts(request.user, contact.company):
        raise Http404
    shown = {name: getattr(contact, name) for name in ("full_name", "position", "is_decision_maker", "note")}
    form = ContactForm(request.POST or None, initial=shown)
    for name in ("phone", "email"):
        form.fields[name].help_text = _("Leave empty to keep what is there.") if getattr(contact, name) else ""
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if value or name not in ("phone", "email")}
        try:
            update_contact(actor=_user(request), contact=contact, fields=values)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("pipeline:company", contact.company_id)
    return _form_page(
        request, form, contact.full_name, reverse("pipeline:company", args=[contact.company_id]), lead=contact.company.name
    )


@require_http_methods(["GET", "POST"])
def company_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a client to somebody from a date on."""
    company = company_or_404(request, pk)
    if not policies.can_hand_over_company(request.user, company):
        raise Http404
    form = HandOverForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            hand_over_company(actor=_user(request), company=company, **form.cleaned_data)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The client has changed hands."))
            still = policies.sees_company(request.user, company)
            return redirect("pipeline:company", pk) if still else redirect("pipeline:company_list")
    return _form_page(request, form, _("Hand over"), reverse("pipeline:company", args=[pk]), lead=company.name)


@require_http_methods(["GET", "POST"])
def clients_hand_over(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Give all clients of a person to somebody else from a date on."""
    employee: Any = get_object_or_404(Employee.objects.visible_to(request.user), pk=employee_id)
    if not policies.can_reassign_clients(request.user, employee.pk):
        raise Http404
    first = max(clock.today(), employee.dismissed_on or clock.today())
    form = HandOverForm(request.POST or None, viewer=request.user, initial={"from_on": first})
    del form.fields["kind"], form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            count = reassign_clients_of(actor=_user(request), employee=employee, to=data["employee"], from_on=data["from_on"])
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("%(count)s relationships have changed hands.") % {"count": count})
            return redirect("pipeline:company_list")
    title = _("Hand over all clients of %(name)s") % {"name": employee.full_name}
    return _form_page(request, form, title, reverse("pipeline:company_list"), lead=clients_text(clients_left(employee)))


@require_POST
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is typed into a form; the key names the form."""
    if not DRAFT_KEY.fullmatch(key):
        raise Http404
    fields = {name: value.replace("\0", "") for name, value in request.POST.items() if isinstance(value, str)}
    for name in ("csrfmiddlewaretoken", "once"):
        fields.pop(name, None)
    save_draft(user=request.user, key=key, fields=fields)
    return HttpResponse(status=204)


def company_or_404(request: HttpRequest, pk: int) -> Company:
    """The company, if the viewer sees it."""
    company: Company = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)
    return company


def clients_text(count: int) -> str:
    """How many clients, in words."""
    return ngettext("%(count)d client", "%(count)d clients", count) % {"count": count}


def _user(request: HttpRequest) -> Any:
    return request.user


def _keep_typed(form: CompanyForm, company: Company) -> None:
    """Somebody saved the company first: what was typed stays in the form, and sending it again overwrites with open eyes."""
    form.data = {**form.data.dict(), "version": version_of(company)}  # type: ignore[attr-defined]
    form.add_error(
        None, _("Somebody changed this meanwhile. What you typed is kept: save again to overwrite, or cancel and look.")
    )


def _form_page(request: HttpRequest, form: Any, title: str, back: str, *, lead: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "back_url": back,
        "time_zones": TIME_ZONES if "time_zone" in form.fields else (),
        "today": clock.today(),
    }
    return render_page(request, FORM, context, status=400 if form.errors else 200)
