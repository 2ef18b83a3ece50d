"""Changes of norms, from a date on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from planning.guard import require
from planning.norms.models import PLANNED_ROLES, HiringLead, Norm
from planning.policies import can_set_norm
from salesys.db.effective import from_date
from salesys.kernel.errors import invalid

MOST_PER_DAY = 1000
MOST_LEAD_DAYS = 1000


@dataclass(frozen=True, slots=True)
class NormInput:
    """Units of an activity per eight hours, and the share of the time that is there for it."""

    role: str
    activity: int
    per_day: int
    availability: Decimal = Decimal(1)


@transaction.atomic
def set_norm(*, actor: User | None, norm: NormInput, from_on: date) -> Norm:
    """Set a norm from a date on; the one in force is closed, a later one of the same role and activity must not exist.

    Locks the rows of the role and activity.

    Raises:
        InvalidInput: A figure out of range, a role without norms, or a norm that begins on or after the date.
        NotAllowed: The actor does not set norms.
    """
    require(actor, can_set_norm)
    _check(norm)
    rows = Norm.all_rows.select_for_update().filter(role=norm.role, activity=norm.activity)
    last = rows.order_by("-valid").first()
    if last is not None and last.valid_from >= from_on:
        raise invalid(
            "norm_begins_later",
            _("A norm of this role and activity begins on or after this date."),
            field="from_on",
            value=from_on,
            remedy=_("Choose a date after %(date)s.") % {"date": last.valid_from},
        )
    if last is not None and last.valid_to is None:
        last.close_on(from_on)
        last.save(update_fields=["valid"])
    values = {"per_day": norm.per_day, "availability": norm.availability}
    created = Norm.all_rows.create(role=norm.role, activity=norm.activity, valid=from_date(from_on), **values)
    record(
        actor=actor,
        action="norm.set",
        obj=created,
        before={"per_day": last.per_day, "availability": last.availability} if last else {},
        after={**values, "from_on": from_on},
    )
    return created


def _check(norm: NormInput) -> None:
    if norm.role not in {role.value for role in PLANNED_ROLES}:
        raise invalid(
            "role_without_norms", _("This role has no norms."), field="role", value=norm.role, remedy=_("Choose another role.")
        )
    if not 0 < norm.per_day <= MOST_PER_DAY:
        raise invalid(
            "norm_out_of_range",
            _("A norm is 1 to 1000 a day."),
            field="per_day",
            value=norm.per_day,
            remedy=_("Write a whole number."),
        )
    if not 0 < norm.availability <= 1:
        raise invalid(
            "not_a_share",
            _("Availability is a share of the working time."),
            field="availability",
            value=norm.availability,
            remedy=_("Write 0.85 for 85 %."),
        )


@transaction.atomic
def set_hiring_lead(*, actor: User | None, role: str, hiring_days: int, training_days: int) -> HiringLead:
    """Set how long it takes before a new person of a role does the full norm.

    Raises:
        InvalidInput: Days out of range.
        NotAllowed: The actor does not set norms.
    """
    require(actor, can_set_norm)
    if min(hiring_days, training_days) < 0 or max(hiring_days, training_days) > MOST_LEAD_DAYS:
        raise invalid(
            "days_out_of_range",
            _("Days are 0 to 1000."),
            field="hiring_days",
            value=hiring_days,
            remedy=_("Write a whole number."),
        )
    values = {"hiring_days": hiring_days, "training_days": training_days}
    lead, _created = HiringLead.all_rows.update_or_create(role=role, defaults=values)
    record(actor=actor, action="hiring_lead.set", obj=lead, after=values)
    return lead
