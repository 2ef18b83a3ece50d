"""From an agreed plan to dated work, and the nightly re-cascade."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from planning.cascade.funnels import Horizon, horizon_of, write_funnel
from planning.cascade.items import write_items
from planning.cascade.role_tasks import Written, write_role_tasks
from planning.goals.models import YearPlan
from planning.guard import require
from planning.policies import can_set_goal
from salesys.db import clock
from salesys.kernel.errors import Conflict, Issue, invalid


@transaction.atomic
def compute_funnel(*, actor: User | None, plan: YearPlan, from_on: date | None = None) -> int:
    """Compute a distributed plan's funnel (a draft's too) and return how many needs it has. Locks the plan.

    Raises:
        InvalidInput: The plan's year is over, or the plan is not distributed.
        NotAllowed: The actor does not set goals.
    """
    require(actor, can_set_goal)
    locked = YearPlan.all_rows.select_for_update().get(pk=plan.pk)
    return write_funnel(_horizon(locked, from_on))


@transaction.atomic
def generate_role_tasks(*, plan: YearPlan, from_on: date | None = None, actor: User | None = None) -> Written:
    """Turn an agreed plan into months, days and concrete items for everyone, from a date on. Locks the plan.

    What stands on days before `from_on` stays. Needs of the month of `from_on` are computed as of its first day and reduced
    by what was done in it already. Doing it twice changes nothing.

    Args:
        plan: The agreed plan of a year.
        from_on: The first day that may change; today by default, at the earliest 1 January of the year.
        actor: Owner or commercial director; None for the system.

    Raises:
        Conflict: The plan is not the agreed one.
        InvalidInput: The year is over on that date.
        NotAllowed: The actor does not set goals.
    """
    require(actor, can_set_goal)
    written = _cascade(plan, from_on)
    after = {"needs": written.needs, "targets": written.targets, "changed": written.changed}
    record(actor=actor, action="plan.tasks_generated", obj=plan, after=after)
    return written


@transaction.atomic
def recascade(*, plan: YearPlan, as_of: date) -> Written:
    """Pace a plan anew as of a day: facts before it, the rest of each need, only days from it on. Locks the plan.

    Returns:
        What stands now; `changed` is zero when nothing had to move. An audit event is written only when something did.

    Raises:
        Conflict: The plan is not the agreed one.
        InvalidInput: The year is over on that date.
    """
    written = _cascade(plan, as_of)
    if written.changed:
        record(actor=None, action="plan.recascaded", obj=plan, after={"as_of": as_of, "changed": written.changed})
    return written


def _cascade(plan: YearPlan, from_on: date | None) -> Written:
    locked = YearPlan.all_rows.select_for_update().get(pk=plan.pk)
    if locked.status != YearPlan.Status.AGREED:
        raise Conflict(Issue("plan_not_agreed", _("This plan is not the agreed one."), "plan", str(plan), _("Agree it first.")))
    horizon = _horizon(locked, from_on)
    write_funnel(horizon)
    written = write_role_tasks(horizon)
    if horizon.from_on >= clock.today():
        write_items(horizon)
    return written


def _horizon(plan: YearPlan, from_on: date | None) -> Horizon:
    asked = from_on or clock.today()
    if asked > plan.months[-1].last:
        raise invalid(
            "year_is_over", _("The year of this plan is over."), field="from_on", value=asked, remedy=_("Plan the next year.")
        )
    if not plan.nodes.exists():
        raise invalid(
            "plan_not_distributed",
            _("The goal is not distributed yet."),
            field="plan",
            value=plan,
            remedy=_("Distribute it first."),
        )
    return horizon_of(plan, asked)
