"""The working calendar of a year and the company's corrections."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.calendar.forms import CorrectionForm
from planning.calendar.models import CalendarCorrection
from planning.calendar.queries import FULL_DAY_HOURS, Workday, workdays
from planning.calendar.services import correct_day, remove_correction
from planning.policies import can_correct_calendar
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.kernel.numbers import whole_number
from salesys.kernel.periods import Month, months_of_year
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month in weeks of seven; None before its first and after its last day."""

    month: Month
    weeks: tuple[tuple[Workday | None, ...], ...]
    working_days: int
    hours: int


def _sheet(month: Month, days: list[Workday]) -> MonthSheet:
    cells: list[Workday | None] = [None] * month.first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return MonthSheet(month, weeks, sum(1 for day in days if day.hours), sum(day.hours for day in days))


def _year(request: HttpRequest) -> int:
    return whole_number(request.GET.get("year", ""), least=2000, most=2200) or clock.today().year


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's working days; who keeps the calendar corrects it here."""
    may_correct = can_correct_calendar(request.user)
    if request.method == "POST" and not may_correct:
        raise Http404
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correct_day(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The day is corrected. The next re-cascade counts with it."))
            return redirect("planning:calendar")
    year = _year(request)
    months = months_of_year(year)
    days = workdays(months[0].first, months[-1].last)
    context = {
        "year": year,
        "sheets": [_sheet(month, [day for day in days if Month.of(day.on) == month]) for month in months],
        "weekdays": [WEEKDAYS_ABBR[number] for number in range(7)],
        "full_day": FULL_DAY_HOURS,
        "today": clock.today(),
        "corrections": CalendarCorrection.objects.visible_to(request.user).filter(on__year=year),
        "can_correct": may_correct,
        "form": form,
    }
    return render_page(request, "planning/calendar/calendar.html", context, status=400 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    found = CalendarCorrection.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None or not can_correct_calendar(request.user):
        raise Http404
    remove_correction(actor=request.user, correction=found)  # type: ignore[arg-type]
    messages.success(request, _("The country's calendar holds again on this day."))
    return redirect("planning:calendar")
