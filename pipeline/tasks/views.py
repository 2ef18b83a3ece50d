"""Tasks: the list, one of them, and the research queue in which the next comes as soon as one is done."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.reveal import opened_ids
from accounts.models import Employee
from pipeline.clients.details import Details, details_of
from pipeline.clients.models import Company, Contact
from pipeline.clients.opening import show_contacts
from pipeline.clients.policies import CONTACT_EDITORS
from pipeline.tasks import policies, queries, services
from pipeline.tasks.forms import AssigneeForm, CardForm, ResultForm, TaskForm
from pipeline.tasks.handing_over import clients_of
from pipeline.tasks.models import ResearchCard, Task
from salesys.db import clock
from salesys.db.drafts import discard_draft, draft_of
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, InvalidInput, Issue
from salesys.kernel.numbers import whole_number
from salesys.shell.forms import add_issues
from salesys.shell.pages import is_partial, paginate, render_page

PAGE, PART = "pipeline/tasks/task.html", "pipeline/tasks/_task.html"
FORM = "pipeline/clients/form.html"
WHENS = (
    ("", gettext_lazy("All open")),
    (queries.LATE, gettext_lazy("Late")),
    (queries.TODAY, gettext_lazy("Due today")),
    (queries.LATER, gettext_lazy("Later")),
    (queries.DONE, gettext_lazy("Done today")),
)
SHOWN_AT_ONCE = 5
"""Contacts of one company that an assistant sees without asking; a larger firm's others are opened one by one."""


@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """The viewer's tasks in the order in which they should be done; heads look at those of their people too."""
    viewer = viewer_for(request.user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Task.Kind.values else ""
    is_wide = viewer.reach("tasks") in {"all", "team"}
    assignee = whole_number(request.GET.get("assignee", "")) if is_wide else None
    day, when = _day(), request.GET.get("when", "")
    when = when if when in dict(WHENS) else ""
    context = {
        "page": paginate(queries.tasks_of(viewer, day, when, kind=kind, assignee_id=assignee), request),
        "counts": queries.task_counts(viewer, day, kind=kind, assignee_id=assignee),
        "when": when,
        "whens": WHENS,
        "narrowed": urlencode({key: value for key, value in {"kind": kind, "assignee": assignee}.items() if value}),
        "kinds": Task.Kind.choices,
        "kind": kind,
        "people": Employee.objects.visible_to(viewer).working_on(day.on) if is_wide else (),
        "assignee": assignee or viewer.own_id,
        "may_give": policies.can_give_tasks(viewer),
        "asked": Task.objects.visible_to(viewer)
        .open()
        .filter(author_id=viewer.own_id)
        .exclude(assignee_id=viewer.own_id)
        .select_related("assignee", "company")[:20],
        "answered": queries.answered_lately(viewer),
        "today": day.on,
    }
    return render_page(request, "pipeline/tasks/list.html", context, partial="pipeline/tasks/_list.html")


@require_GET
def research_next(request: HttpRequest) -> HttpResponse:
    """The next card of the viewer's queue; an empty queue leads to the list."""
    found = queries.next_task(viewer_for(request.user), kind=Task.Kind.RESEARCH)
    return redirect("pipeline:task", found.pk) if found else redirect("pipeline:task_list")


@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task with the form that finishes it."""
    return _show(request, task_or_404(request, pk))


@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Hand a piece of work to somebody."""
    if not policies.can_give_tasks(request.user):
        raise Http404
    company = Company.objects.visible_to(request.user).filter(pk=whole_number(request.GET.get("company", ""))).first()
    form = TaskForm(request.POST or None, viewer=request.user, initial={"company": company})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_task(actor=_user(request), draft=form.draft())
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The task is handed over to %(name)s.") % {"name": made.assignee.full_name})
            return redirect("pipeline:company", company.pk) if company else redirect("pipeline:task_list")
    lead = company.name if company else ""
    context = {"form": form, "title": _("New task"), "lead": lead, "back_url": reverse("pipeline:task_list")}
    return render_page(request, FORM, context, status=400 if form.errors else 200)


@require_POST
def task_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a task."""
    found = task_or_404(request, pk)
    return _act(request, pk, lambda: services.start_task(actor=_user(request), task=found))


@require_POST
def task_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish a task; after research the next card of the queue comes at once."""
    found = task_or_404(request, pk)
    form = _finish_form(found, request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=400)
    card = form.card() if isinstance(form, CardForm) else None
    try:
        services.finish_task(actor=_user(request), task=found, result=form.cleaned_data["result"], card=card)
    except InvalidInput as error:
        add_issues(form, error)
        return _show(request, found, form=form, status=400)
    except Conflict as error:
        return _show(request, task_or_404(request, pk), issues=error.issues, status=409)
    discard_draft(user=request.user, key=services.draft_key(pk))
    return _go_on(request, found)


@require_POST
def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the finishing of a task back."""
    found = task_or_404(request, pk)
    return _act(request, pk, lambda: services.reopen_task(actor=_user(request), task=found))


@require_POST
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a task need not be done."""
    found = task_or_404(request, pk)
    reason = request.POST.get("reason", "").replace("\0", "")[:2000]
    return _act(request, pk, lambda: services.cancel_task(actor=_user(request), task=found, reason=reason))


@require_http_methods(["GET", "POST"])
def task_reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task to somebody else."""
    found = task_or_404(request, pk)
    form = AssigneeForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.reassign_task(actor=_user(request), task=found, assignee=form.cleaned_data["assignee"])
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The task has changed hands."))
            return redirect("pipeline:task_list")
    back = reverse("pipeline:task", args=[pk])
    context = {"form": form, "title": _("Give to somebody else"), "lead": found.title, "back_url": back}
    return render_page(request, FORM, context, status=400 if form.errors else 200)


def task_or_404(request: HttpRequest, pk: int) -> Task:
    """The task, if the viewer sees it."""
    rows = Task.objects.visible_to(request.user).select_related("company", "author", "assignee", "contact", "person")
    found: Task = get_object_or_404(rows, pk=pk)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _day() -> queries.Day:
    today = clock.today()
    return queries.Day(today, datetime.combine(today, time(), company_time_zone()))


def _finish_form(found: Task, data: Any = None, initial: Any = None) -> CardForm | ResultForm:
    form_class = CardForm if found.kind == Task.Kind.RESEARCH else ResultForm
    return form_class(data, initial=initial)


def _act(request: HttpRequest, pk: int, deed: Any) -> HttpResponse:
    try:
        deed()
    except (Conflict, InvalidInput) as error:
        status = 409 if isinstance(error, Conflict) else 400
        return _show(request, task_or_404(request, pk), issues=error.issues, status=status)
    return _show(request, task_or_404(request, pk)) if is_partial(request) else redirect("pipeline:task", pk)


def _go_on(request: HttpRequest, done: Task) -> HttpResponse:
    """After research the next of the queue, after other work the list."""
    following = queries.next_task(viewer_for(request.user), kind=done.kind, without=done.pk)
    if following is None or done.kind != Task.Kind.RESEARCH:
        messages.success(request, _("Done: %(title)s") % {"title": done.title})
        if is_partial(request):
            return HttpResponse(headers={"HX-Redirect": reverse("pipeline:task_list")})
        return redirect("pipeline:task_list")
    if not is_partial(request):
        return redirect("pipeline:task", following.pk)
    response = _show(request, task_or_404(request, following.pk), finished=done)
    response["HX-Push-Url"] = reverse("pipeline:task", args=[following.pk])
    return response


def _show(
    request: HttpRequest,
    found: Task,
    *,
    form: CardForm | ResultForm | None = None,
    issues: tuple[Issue, ...] = (),
    finished: Task | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_for(request.user)
    contacts, refusal = _contacts(request, found)
    cards: Any = ResearchCard.objects.visible_to(viewer).filter(company=found.company_id or 0).select_related("author")
    form = form or _finish_form(found, initial=draft_of(request.user, services.draft_key(found.pk)))
    context = {
        "task": found,
        "form": form,
        "issues": (*issues, refusal) if refusal else issues,
        "left": clients_of(viewer, found.person) if found.person is not None else None,
        "finished": finished,
        "counts": queries.task_counts(viewer, _day(), kind=found.kind),
        "contacts": contacts,
        "cards": cards[:3],
        "can_reopen": services.can_be_reopened(found),
        "can_work": policies.can_work_on_task(viewer, found),
        "can_direct": policies.can_direct_task(viewer, found),
        "can": {"contacts": viewer.role in CONTACT_EDITORS},
        "sees_company": bool(found.company_id) and Company.objects.visible_to(viewer).filter(pk=found.company_id).exists(),
        "is_over": found.status not in Task.OPEN,
        "draft_url": reverse("pipeline:draft", args=[services.draft_key(found.pk)]),
        "today": clock.today(),
        "breadcrumbs": [(gettext_lazy("Tasks"), reverse("pipeline:task_list")), (found.title, "")],
    }
    return render_page(request, PAGE, context, partial=PART, status=status)


def _contacts(request: HttpRequest, found: Task) -> tuple[list[Details], Issue | None]:
    """People at the task's company; an assistant who is to write to them or to prepare a card sees the first ones at once.

    What is shown so counts as opened, against the budget. Whom the task is about comes first, else who decides.
    """
    if not found.company_id:
        return [], None
    rows: Any = Contact.objects.visible_to(request.user).filter(company=found.company_id)
    people = list(rows.order_by("-is_decision_maker", "full_name", "pk")[:20])
    people.sort(key=lambda contact: contact.pk != found.contact_id)
    refusal = None
    if policies.is_prepared_by(request.user, found):
        count = 1 if found.kind == Task.Kind.LETTER and found.contact_id else SHOWN_AT_ONCE
        refusal = show_contacts(actor=_user(request), contacts=people[:count]).refusal
    return details_of(people, opened_ids(request.user)), refusal
