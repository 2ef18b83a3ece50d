"""The call cockpit: the next company, the outcome, the next company. Nothing is loaded but what changes."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.gate import roles_allowed
from accounts.access.reveal import opened_ids
from accounts.roles import Role
from pipeline.calling import queries
from pipeline.calling.claims import Claim, held_entry, taken
from pipeline.calling.drafts import entry_draft_key
from pipeline.calling.forms import CallForm
from pipeline.calling.hours import next_opening
from pipeline.calling.models import Call
from pipeline.calling.services import log_call, release_entry, take_next_company, undo_last_call
from salesys.db import clock
from salesys.db.drafts import discard_draft, draft_of
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from salesys.db.workdays import next_working_day
from salesys.kernel.errors import Conflict, InvalidInput, Issue
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page

PAGE, PART = "pipeline/calling/cockpit.html", "pipeline/calling/_cockpit.html"
Outcome = Call.Outcome
AT_ONCE = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER, Outcome.GATEKEEPER, Outcome.REFUSED)
"""Outcomes that need nothing more: one key logs them."""
SKIP_FOR = timedelta(hours=1)
callers_only = roles_allowed(Role.TELESALES)


@callers_only
@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """The company in hand, or the next one."""
    return _show(request, take_next_company(actor=_user(request)))


@callers_only
@require_POST
def log(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Log the call and show the next company; a refusal shows the form again with everything that was typed."""
    user = _user(request)
    entry = held_entry(actor=user, entry_id=entry_id)
    if entry is None:
        return _show(request, take_next_company(actor=user), issues=(taken(),))
    form = CallForm(request.POST, viewer=user)
    if form.is_valid():
        try:
            log_call(actor=user, entry=entry, report=form.report())
        except InvalidInput as error:
            add_issues(form, error)
        except Conflict as error:
            return _show(request, take_next_company(actor=user), issues=error.issues)
        else:
            discard_draft(user=user, key=entry_draft_key(entry_id))
            return _show(request, take_next_company(actor=user))
    claim = take_next_company(actor=user)
    return _show(request, claim, form=form if claim.entry_id == entry_id else None, status=400)


@callers_only
@require_POST
def skip(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Put the company back for an hour, for anyone, and show the next one."""
    user = _user(request)
    entry = held_entry(actor=user, entry_id=entry_id)
    if entry is not None:
        release_entry(actor=user, entry=entry, reason=request.POST.get("reason", "")[:200], again_in=SKIP_FOR)
    return _show(request, take_next_company(actor=user))


@callers_only
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the newest outcome back and show its company again."""
    user = _user(request)
    try:
        undo_last_call(actor=user)
    except Conflict as error:
        return _show(request, take_next_company(actor=user), issues=error.issues)
    return _show(request, take_next_company(actor=user))


def _user(request: HttpRequest) -> Any:
    return request.user


def _show(
    request: HttpRequest, claim: Claim, *, form: CallForm | None = None, issues: tuple[Issue, ...] = (), status: int = 200
) -> HttpResponse:
    user = _user(request)
    caller = viewer_for(user).own_id
    today = clock.today()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), company_time_zone())
    context: dict[str, Any] = {
        "claim": claim,
        "issues": (*issues, claim.refusal) if claim.refusal else issues,
        "figures": queries.figures_of_day(caller, today),
        "queue": queries.queue_counts(caller, tomorrow),
        "slip": queries.slip_of(caller),
    }
    if claim.entry_id is not None:
        context |= _of_company(user, claim.entry_id, form)
    response = render_page(request, PAGE, context, partial=PART, status=status)
    if status == 200 and request.method == "POST":
        response["HX-Trigger-After-Swap"] = json.dumps({"cockpit:next": True})
    elif status == 400:
        response["HX-Reswap"] = "innerHTML show:none"  # the script goes to the field that is wrong
    return response


def _of_company(user: Any, entry_id: int, form: CallForm | None) -> dict[str, Any]:
    found = queries.in_hand(entry_id, opened_ids(user))
    key = entry_draft_key(entry_id)
    if form is None:
        draft = draft_of(user, key)
        initial = {"contact": found.contact.pk if found.contact else None, **draft}
        form = CallForm(initial=initial, viewer=user)
    return {
        "found": found,
        "form": form,
        "outcomes": _outcomes(form),
        "times": _times(found.company.time_zone),
        "draft_url": reverse("pipeline:draft", args=[key]),
        "has_draft": not form.is_bound and bool(draft_of(user, key).get("note")),
    }


def _outcomes(form: CallForm) -> list[dict[str, Any]]:
    chosen = form["outcome"].value()
    return [
        {
            "value": value,
            "label": label,
            "digit": digit,
            "is_at_once": value in AT_ONCE,
            "is_chosen": value == chosen,
        }
        for digit, (value, label) in enumerate(Outcome.choices, start=1)
    ]


def _times(zone: str) -> list[tuple[str, str]]:
    """Promises that take one press: label and the value of the field, never while the client sleeps."""
    now = clock.now()
    today = now.astimezone(company_time_zone()).date()
    tomorrow = next_working_day(today)
    day_after = next_working_day(tomorrow)
    week = next_working_day(today + timedelta(days=6))

    def morning(on: Any) -> datetime:
        return datetime.combine(on, time(10), company_time_zone())

    wanted = [
        (_("in an hour"), now + timedelta(hours=1)),
        (_("in three hours"), now + timedelta(hours=3)),
        (_("next working day"), morning(tomorrow)),
        (_("the day after"), morning(day_after)),
        (_("in a week"), morning(week)),
    ]
    found = [(label, next_opening(zone, at).astimezone(company_time_zone())) for label, at in wanted]
    return [(label, f"{at:%Y-%m-%dT%H:%M}") for label, at in found]
