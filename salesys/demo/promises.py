"""Call-backs that were promised for the hours after the demo was loaded, so that there is somebody to call at any hour."""

from __future__ import annotations

from datetime import timedelta

from accounts.roles import Role
from accounts.structure.models import Assignment
from pipeline.calling.models import CallListEntry
from salesys.db import clock

EACH = 8
FIRST_AFTER = timedelta(minutes=-20)
EVERY = timedelta(minutes=25)


def promise_calls() -> None:
    """Give every telesales person some call-backs from now on; an agreed time counts on any day and at any hour."""
    callers = Assignment.all_rows.filter(role=Role.TELESALES, valid__contains=clock.today()).order_by("employee")
    for assignment in callers.select_related("employee"):
        lists = assignment.employee.call_list_memberships.values("call_list_id")
        waiting = CallListEntry.all_rows.filter(call_list__in=lists, state=CallListEntry.State.WAITING)
        own = waiting.filter(reserved_for=assignment.employee).order_by("not_before", "pk")
        others = waiting.filter(reserved_for=None, not_before__isnull=False).order_by("-not_before", "pk")
        fresh = waiting.filter(reserved_for=None, not_before=None).order_by("-pk")
        chosen = [*own[:EACH], *others[:EACH], *fresh[:EACH]][:EACH]
        for turn, entry in enumerate(chosen):
            entry.reserved_for, entry.not_before = assignment.employee, clock.now() + FIRST_AFTER + turn * EVERY
        CallListEntry.all_rows.bulk_update(chosen, ["reserved_for", "not_before"])
