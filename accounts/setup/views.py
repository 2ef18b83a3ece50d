"""The way from an empty installation to a working one, and the company's settings afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.gate import roles_allowed
from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.setup.services import CompanyFacts, change_company, countries, finish_setup
from accounts.structure.models import Department, Direction
from salesys.db import clock
from salesys.db.organisation import Organisation, organisation
from salesys.db.workdays import is_working_day
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import DateSpan
from salesys.shell.forms import ShellForm, add_issues
from salesys.shell.pages import render_page


class CompanyForm(ShellForm):
    """The company's facts."""

    name = forms.CharField(label=gettext_lazy("Company"), max_length=200)
    currency = forms.CharField(
        label=gettext_lazy("Currency"), max_length=3, help_text=gettext_lazy("Three letters, such as RUB.")
    )
    time_zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=64, help_text=gettext_lazy("Such as Europe/Moscow."))
    country = forms.ChoiceField(label=gettext_lazy("Country of the working calendar"), choices=lambda: list(countries().items()))
    vat_rate = forms.DecimalField(
        label=gettext_lazy("VAT rate"), max_digits=7, decimal_places=6, help_text=gettext_lazy("A share: 0.20 is 20 %.")
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: what it is, what there is already, and where to go on."""

    title: str
    state: str
    is_done: bool
    url: str


def _steps(request: HttpRequest, row: Organisation) -> list[Step]:
    year = clock.today().year
    days = sum(is_working_day(on) for on in DateSpan(date(year, 1, 1), date(year + 1, 1, 1)).days())
    departments: Any = Department.objects.visible_to(request.user)
    directions: Any = Direction.objects.visible_to(request.user)
    people: Any = Employee.objects.visible_to(request.user)
    counts = (departments.count(), directions.count(), people.count())
    return [
        Step(_("Company, currency, time zone"), row.name, bool(row.name), ""),
        Step(
            _("Working calendar"),
            _("%(days)s working days in %(year)s") % {"days": days, "year": year},
            bool(row.name),
            reverse("planning:calendar"),
        ),
        Step(_("Departments"), str(counts[0]), counts[0] > 0, reverse("accounts:department_new")),
        Step(_("Directions"), str(counts[1]), counts[1] > 0, reverse("accounts:direction_new")),
        Step(_("People"), str(counts[2]), counts[2] > 0, reverse("accounts:hire")),
    ]


@require_http_methods(["GET", "POST"])
@roles_allowed(Role.ADMINISTRATOR)
def setup(request: HttpRequest) -> HttpResponse:
    """The steps, and the form of the first."""
    row = organisation()
    names = ("name", "currency", "time_zone", "country", "vat_rate")
    form = CompanyForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_company(actor=cast("User", request.user), facts=CompanyFacts(**form.cleaned_data))
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The company is described."))
            return redirect("accounts:setup")
    context = {"form": form, "steps": _steps(request, row), "is_set_up": row.set_up_at is not None}
    return render_page(request, "accounts/setup/setup.html", context, status=400 if form.errors else 200)


@require_POST
@roles_allowed(Role.ADMINISTRATOR)
def finish(request: HttpRequest) -> HttpResponse:
    """The set-up is done."""
    try:
        finish_setup(actor=cast("User", request.user))
    except InvalidInput as error:
        messages.error(request, " ".join(f"{issue.problem} {issue.remedy}" for issue in error.issues))
        return redirect("accounts:setup")
    messages.success(request, _("Everything is ready. People can sign in now."))
    return redirect("home")
