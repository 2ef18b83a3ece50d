"""People: the list, one person, hiring, placing, pairing, dismissal, sign-ins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.people import policies
from accounts.people.belongings import left_of
from accounts.people.forms import AccountForm, DismissForm, HireForm
from accounts.people.models import Employee, User
from accounts.people.services import dismiss_employee, end_sessions, hire_employee, invitation_path, open_account
from accounts.roles import Role
from accounts.structure.assigning import assign_employee, correct_assignment, roles_at_stake, withdraw_assignment
from accounts.structure.forms import PairForm, PlacementForm
from accounts.structure.models import Assignment, Pair
from accounts.structure.pairing import pair_telesales
from accounts.structure.queries import current_assignments
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import ShellForm, add_issues
from salesys.shell.pages import paginate, render_page


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, within the viewer's reach, with where each stands today."""
    text = request.GET.get("q", "").strip()
    rows: Any = Employee.objects.visible_to(request.user)
    if text:
        rows = rows.filter(full_name__icontains=text)
    if request.GET.get("former") != "1":
        rows = rows.working_on(clock.today())
    role = request.GET.get("role", "")
    rows = rows.standing_as(role, clock.today())
    if request.GET.get("account") == "none":
        rows = rows.without_sign_in()
    page = paginate(rows.select_related("user").distinct(), request, count=True)
    places = current_assignments([employee.pk for employee in page], clock.today())
    context = {
        "page": page,
        "roles": Role.choices,
        "role": role,
        "rows": [(employee, places.get(employee.pk)) for employee in page],
        "may_hire": policies.can_hire(request.user),
        "today": clock.today(),
    }
    return render_page(request, "accounts/people/people.html", context, partial="accounts/people/_people.html")


def _person(request: HttpRequest, pk: int) -> Employee:
    found: Employee = get_object_or_404(Employee.objects.visible_to(request.user).select_related("user").distinct(), pk=pk)
    return found


def _person_page(
    request: HttpRequest, employee: Employee, forms: dict[str, ShellForm] | None = None, **extra: object
) -> HttpResponse:
    """The page with every form that the viewer may use; `forms` replaces those that were refused."""
    user, today = request.user, clock.today()
    assignments: Any = Assignment.objects.visible_to(user).filter(employee=employee)
    pairs: Any = Pair.objects.visible_to(user)
    mine = pairs.filter(telesales=employee) | pairs.filter(assistant=employee)
    timeline = list(assignments.select_related("department", "direction", "manager").order_by("-valid"))
    place = next((row for row in timeline if row.valid_from <= today and (row.valid_to is None or row.valid_to > today)), None)
    shown = {**_forms_for(request, employee, place), **(forms or {})}
    context = {
        "employee": employee,
        "timeline": timeline,
        "place": place,
        "pairs": list(mine.select_related("telesales", "assistant").order_by("-valid")),
        "forms": shown,
        "today": today,
        "may_invite": policies.can_change_account(user, employee),
        "may_end_sessions": policies.can_end_sessions(user),
        "changeable": _changeable(user, employee, timeline),
        "left": left_of(user, employee) if employee.dismissed_on is not None else (),
        **extra,
    }
    status = 400 if any(form.errors for form in shown.values()) else 200
    return render_page(request, "accounts/people/person.html", context, status=status)


def _changeable(user: object, employee: Employee, timeline: Sequence[Assignment]) -> frozenset[int]:
    """Changes from today on that the user may correct or take back; each gives or takes its role and the one before it."""
    ahead = [row for row in timeline if row.valid_from >= clock.today()]
    if employee.dismissed_on is not None or not ahead or not policies.can_move(user, employee):
        return frozenset()
    may_give = frozenset(policies.roles_to_give(user))
    return frozenset(row.pk for row in ahead if may_give.issuperset(roles_at_stake(row)))


def _forms_for(request: HttpRequest, employee: Employee, place: Assignment | None) -> dict[str, ShellForm]:
    user, today = request.user, clock.today()
    forms: dict[str, ShellForm] = {}
    if policies.can_move(user, employee) and employee.dismissed_on is None:
        initial: dict[str, object] = {"from_on": today}
        if place is not None:
            initial |= {
                "department": place.department_id,
                "role": place.role,
                "direction": place.direction_id,
                "manager": place.manager_id,
            }
        forms["placement"] = PlacementForm(viewer=user, initial=initial)
    if policies.can_keep_people(user) and place is not None and place.role == Role.TELESALES:
        forms["pair"] = PairForm(viewer=user, initial={"from_on": today})
    if policies.can_change_account(user, employee) and employee.dismissed_on is None:
        forms["account"] = AccountForm(initial={"email": employee.user.email if employee.user else ""})
    if policies.can_dismiss(user, employee) and employee.dismissed_on is None:
        forms["dismiss"] = DismissForm(viewer=user, employee=employee)
    return forms


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: where they stood and stand, their pair, their sign-in, and what the viewer may change."""
    return _person_page(request, _person(request, pk))


def _apply(request: HttpRequest, employee: Employee, *, name: str, form: ShellForm, deed: Callable[[], str]) -> HttpResponse:
    """Run a service behind one form of the person's page; a refusal shows the page with the form again."""
    if form.is_valid():
        try:
            message = deed()
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, message)
            return redirect("accounts:person", employee.pk)
    return _person_page(request, _person(request, employee.pk), {name: form})


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person stand somewhere else from a date on."""
    employee = _person(request, pk)
    _gate(policies.can_move(request.user, employee))
    form = PlacementForm(request.POST, viewer=request.user)

    def deed() -> str:
        assign_employee(
            actor=cast("User", request.user),
            employee=employee,
            placement=form.placement,
            from_on=form.cleaned_data["from_on"],
        )
        return _("The change is recorded.")

    return _apply(request, employee, name="placement", form=form, deed=deed)


def _planned(request: HttpRequest, employee: Employee, assignment_pk: int) -> Assignment:
    """A change that the viewer may correct or take back, which is giving and taking its role and the one before it."""
    _gate(policies.can_hire(request.user) and viewer_for(request.user).employee_id != employee.pk)
    rows = Assignment.objects.visible_to(request.user).select_related("department", "direction", "manager")
    found: Assignment = get_object_or_404(rows, pk=assignment_pk, employee=employee)
    policies.require_placing(request.user, employee, roles_at_stake(found))
    return found


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Correct a change that begins today or later, its date included."""
    employee = _person(request, pk)
    found = _planned(request, employee, assignment_pk)
    form = PlacementForm(
        request.POST if request.method == "POST" else None,
        viewer=request.user,
        initial={
            "from_on": found.valid_from,
            "department": found.department_id,
            "role": found.role,
            "direction": found.direction_id,
            "manager": found.manager_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_assignment(
                actor=cast("User", request.user),
                assignment=found,
                placement=form.placement,
                from_on=form.cleaned_data["from_on"],
            )
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The change is corrected."))
            return redirect("accounts:person", pk)
    title = _("Planned change of %(name)s") % {"name": employee.full_name}
    back = reverse("accounts:person", args=[employee.pk])
    context = {"form": form, "title": title, "back": back, "back_label": employee.full_name}
    return render_page(request, "accounts/form.html", context, status=400 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Take back a change that is still ahead."""
    employee = _person(request, pk)
    found = _planned(request, employee, assignment_pk)
    withdraw_assignment(actor=cast("User", request.user), assignment=found)
    messages.success(request, _("The change is taken back."))
    return redirect("accounts:person", pk)


@require_POST
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a telesales person an assistant from a date on."""
    employee = _person(request, pk)
    _gate(policies.can_keep_people(request.user))
    form = PairForm(request.POST, viewer=request.user)

    def deed() -> str:
        pair_telesales(actor=cast("User", request.user), telesales=employee, **form.cleaned_data)
        return _("They are a pair from that day on.")

    return _apply(request, employee, name="pair", form=form, deed=deed)


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person go; sessions and tokens end at once when the day has come."""
    employee = _person(request, pk)
    _gate(policies.can_dismiss(request.user, employee))
    form = DismissForm(request.POST, viewer=request.user, employee=employee)

    def deed() -> str:
        dismiss_employee(actor=cast("User", request.user), employee=employee, **form.values())
        return _("The dismissal is recorded. Hand over the clients next.")

    return _apply(request, employee, name="dismiss", form=form, deed=deed)


@require_POST
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a sign-in or change its address."""
    employee = _person(request, pk)
    _gate(policies.can_change_account(request.user, employee))
    form = AccountForm(request.POST)

    def deed() -> str:
        open_account(actor=cast("User", request.user), employee=employee, **form.cleaned_data)
        return _("The sign-in is recorded.")

    return _apply(request, employee, name="account", form=form, deed=deed)


@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, once, the address at which the person sets a first password."""
    employee = _person(request, pk)
    _gate(policies.can_change_account(request.user, employee) and employee.user is not None)
    path = invitation_path(actor=cast("User", request.user), user=cast("User", employee.user))
    return _person_page(request, employee, invitation=request.build_absolute_uri(path))


@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of the person."""
    employee = _person(request, pk)
    _gate(policies.can_end_sessions(request.user) and employee.user is not None)
    end_sessions(actor=cast("User", request.user), user=cast("User", employee.user))
    messages.success(request, _("Every session of this person has ended, and every API token is revoked."))
    return redirect("accounts:person", pk)


@require_http_methods(["GET", "POST"])
def hire(request: HttpRequest) -> HttpResponse:
    """Hire somebody: the person, the sign-in, and where they stand, in one go."""
    _gate(policies.can_hire(request.user))
    form = HireForm(request.POST or None, initial={"hired_on": clock.today()})
    placement = PlacementForm(request.POST or None, viewer=request.user, initial={"from_on": clock.today()})
    del placement.fields["from_on"]
    if request.method == "POST" and form.is_valid() and placement.is_valid():
        try:
            employee = _hire(request, form, placement)
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("%(name)s is hired.") % {"name": employee.full_name})
            return redirect("accounts:person", employee.pk)
    context = {"form": form, "placement": placement, "breadcrumbs": [(_("People"), reverse("accounts:people")), (_("Hire"), "")]}
    return render_page(request, "accounts/people/hire.html", context, status=400 if form.errors or placement.errors else 200)


@transaction.atomic
def _hire(request: HttpRequest, form: HireForm, placement: PlacementForm) -> Employee:
    actor = cast("User", request.user)
    employee = hire_employee(actor=actor, **form.cleaned_data)
    assign_employee(actor=actor, employee=employee, placement=placement.placement, from_on=employee.hired_on)
    return employee


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """One's own page: how it looks, the password, the sessions."""
    viewer = viewer_for(request.user)
    mine = Employee.objects.visible_to(request.user).filter(pk=viewer.own_id).first()
    return render_page(
        request, "accounts/people/profile.html", {"employee": mine, "role": Role(viewer.role).label if viewer.role else ""}
    )


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End one's own sessions, this one included."""
    end_sessions(actor=cast("User", request.user), user=cast("User", request.user))
    return redirect("account_login")


def _gate(allowed: bool) -> None:
    if not allowed:
        raise Http404
