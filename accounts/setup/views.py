"""The way from an empty installation to a working one, step by step, and the company's settings afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.gate import roles_allowed
from accounts.people.models import Employee, User
from accounts.roles import TOP_ROLES, Role
from accounts.setup.forms import (
    CompanyForm,
    DepartmentsForm,
    DirectionsForm,
    NewcomerForm,
    SeatForm,
    company_initial,
    regional_initial,
)
from accounts.setup.regional import country_codes
from accounts.setup.services import change_company, finish_setup, hire_first, open_departments, open_directions
from accounts.setup.steps import STEP_OF_FIELD, step_url, way_from
from accounts.structure.models import Department, Direction
from accounts.structure.queries import current_assignments, role_holders
from salesys.db import clock
from salesys.db.organisation import organisation
from salesys.db.workdays import holidays_between, working_days_between
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month
from salesys.shell.forms import ShellForm, add_issues
from salesys.shell.pages import render_page

MONTHS_AHEAD = 12
PEOPLE_SHOWN = 50


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _page(request: HttpRequest, step: str, context: dict[str, Any], *, is_refused: bool = False) -> HttpResponse:
    """A step's page within the way."""
    shown = {"way": way_from(request.user, step), "is_set_up": organisation().set_up_at is not None, **context}
    return render_page(request, f"accounts/setup/{step}.html", shown, status=400 if is_refused else 200)


def _sent(request: HttpRequest, *forms: ShellForm) -> bool:
    """Whether the forms were sent and are filled in rightly, each of them checked."""
    are_right = [form.is_valid() for form in forms]
    return request.method == "POST" and all(are_right)


def _attempt(form: ShellForm, deed: Callable[[], object]) -> bool:
    """Do what a valid form asks for; what the service refuses stands beside its field."""
    try:
        deed()
    except InvalidInput as error:
        add_issues(form, error)
        return False
    return True


@require_http_methods(["GET", "POST"])
@roles_allowed(Role.ADMINISTRATOR)
def setup(request: HttpRequest) -> HttpResponse:
    """The company: name, country, time zone, currency, VAT."""
    row = organisation()
    asked = request.POST.get("country", row.country)
    form = CompanyForm(
        request.POST or None, initial=company_initial(row), country=asked, chosen=request.POST.get("time_zone", row.time_zone)
    )
    if _sent(request, form) and _attempt(form, lambda: change_company(actor=_user(request), facts=form.facts())):
        messages.success(request, _("The company is described."))
        return redirect(step_url("company" if row.set_up_at else "calendar"))
    return _page(request, "company", {"form": form}, is_refused=bool(form.errors))


@require_GET
@roles_allowed(Role.ADMINISTRATOR)
def regional(request: HttpRequest) -> HttpResponse:
    """Time zone and currency that are likely in a country, as fields of the form."""
    row, asked = organisation(), request.GET.get("country", "")
    country = asked if asked in country_codes() else row.country
    form = CompanyForm(initial=regional_initial(country, row), country=country)
    return render(request, "accounts/setup/_regional.html", {"form": form})


@require_GET
@roles_allowed(Role.ADMINISTRATOR)
def calendar(request: HttpRequest) -> HttpResponse:
    """The country's holidays and the company's working days of the coming year."""
    first = Month.of(clock.today())
    months = [first.plus(offset) for offset in range(MONTHS_AHEAD)]
    working = working_days_between(first.first, months[-1].last)
    today = clock.today()
    context = {
        "months": [(month.first, sum(1 for day in month.span.days() if day in working)) for month in months],
        "working_days": len(working),
        "holidays": [
            (holiday, holiday.on in working, _is_weekend(holiday.on))
            for holiday in holidays_between(today, today + timedelta(days=365), language=get_language() or "en")
        ],
        "corrections_url": reverse("planning:calendar"),
    }
    return _page(request, "calendar", context)


def _is_weekend(on: date) -> bool:
    return on.weekday() >= 5


@require_http_methods(["GET", "POST"])
@roles_allowed(Role.ADMINISTRATOR)
def departments(request: HttpRequest) -> HttpResponse:
    """Departments to tick, of the kinds that are not there yet."""
    there: Any = Department.objects.visible_to(request.user)
    form = DepartmentsForm(request.POST or None, there=there.values_list("kind", flat=True))
    if _sent(request, form) and _attempt(form, lambda: open_departments(actor=_user(request), names=form.names())):
        count = len(form.names())
        opened = ngettext("%(count)d department is open.", "%(count)d departments are open.", count) % {"count": count}
        messages.success(request, opened if count else _("No further department is open."))
        return redirect(step_url("directions"))
    return _page(request, "departments", {"form": form, "there": list(there)}, is_refused=bool(form.errors))


@require_http_methods(["GET", "POST"])
@roles_allowed(Role.ADMINISTRATOR)
def directions(request: HttpRequest) -> HttpResponse:
    """Industry directions, one per line; a company may have none."""
    form = DirectionsForm(request.POST or None)
    if _sent(request, form) and _attempt(form, lambda: open_directions(actor=_user(request), names=form.lines())):
        return redirect(step_url("people"))
    there: Any = Direction.objects.visible_to(request.user)
    return _page(request, "directions", {"form": form, "there": list(there)}, is_refused=bool(form.errors))


@require_http_methods(["GET", "POST"])
@roles_allowed(Role.ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """The first people, one after the other: the owner, the heads, those who begin tomorrow."""
    form = NewcomerForm(request.POST or None, initial={"hired_on": clock.today()})
    is_top_there = role_holders(TOP_ROLES, clock.today()) > 0
    seat = SeatForm(request.POST or None, viewer=request.user, initial={"role": Role.SELLER if is_top_there else Role.OWNER})
    if _sent(request, form, seat) and _hire(request, form, seat):
        messages.success(request, _("%(name)s is hired.") % {"name": form.cleaned_data["full_name"]})
        return redirect(step_url("people"))
    context = {"form": form, "seat": seat, "people": _first_people(request), "is_top_there": is_top_there}
    return _page(request, "people", context, is_refused=bool(form.errors or seat.errors))


def _hire(request: HttpRequest, form: NewcomerForm, seat: SeatForm) -> bool:
    """Hire; what is refused stands beside its field of either form."""
    try:
        hire_first(actor=_user(request), newcomer=form.newcomer(), placement=seat.placement)
    except InvalidInput as error:
        for issue in error.issues:
            add_issues(seat if issue.field in seat.fields else form, InvalidInput(issue))
        return False
    return True


def _first_people(request: HttpRequest) -> list[tuple[Employee, Any]]:
    """Who is there, with where they stand."""
    rows: Any = Employee.objects.visible_to(request.user).working_on(clock.today()).select_related("user")
    found = list(rows.order_by("pk")[:PEOPLE_SHOWN])
    places = current_assignments([employee.pk for employee in found], clock.today())
    return [(employee, places.get(employee.pk)) for employee in found]


@require_POST
@roles_allowed(Role.ADMINISTRATOR)
def finish(request: HttpRequest) -> HttpResponse:
    """The set-up is done; what is missing leads to its step."""
    try:
        finish_setup(actor=_user(request))
    except InvalidInput as error:
        messages.error(request, " ".join(f"{issue.problem} {issue.remedy}" for issue in error.issues))
        return redirect(step_url(STEP_OF_FIELD.get(error.issues[0].field, "company")))
    messages.success(request, _("Everything is ready. People can sign in now."))
    return redirect("home")
