"""Services: who prepares contacts for whom, from when on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.locks import lock_structure
from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment, Pair
from salesys.db.constraints import constraints_as_issues
from salesys.db.effective import from_date
from salesys.kernel.errors import Issue, invalid


@transaction.atomic
def pair_telesales(*, actor: User | None, telesales: Employee, assistant: Employee, from_on: date) -> Pair:
    """Let an assistant prepare a telesales person's contacts from a date on; the pair before it ends there.

    Locks the structure.

    Raises:
        InvalidInput: Either is not in that role on the date, they are paired already, or a later pair is recorded.
    """
    lock_structure()
    _check_role(telesales, Role.TELESALES, "telesales", from_on)
    _check_role(assistant, Role.ASSISTANT, "assistant", from_on)
    running = Pair.all_rows.filter(telesales=telesales, valid__contains=from_on).first()
    if running is not None and running.assistant_id == assistant.pk:
        raise invalid("paired", _("They are a pair already."), field="assistant", value=assistant.full_name)
    if running is not None and running.valid_from == from_on:
        running.delete()
    elif running is not None:
        running.close_on(from_on)
        running.save(update_fields=["valid"])
    later = Issue(
        "later_pair",
        _("Another pair is recorded from a later date on."),
        "from_on",
        str(from_on),
        _("Choose a date after it begins."),
    )
    with constraints_as_issues({"pair_one_assistant_at_a_time": later}):
        pair: Pair = Pair.all_rows.create(telesales=telesales, assistant=assistant, valid=from_date(from_on))
    before = {"assistant": running.assistant_id if running else None}
    after = {"telesales": telesales, "assistant": assistant, "from_on": from_on}
    record(actor=actor, action="pair.formed", obj=pair, before=before, after=after)
    return pair


def end_pairs_of_other_roles(*, actor: User | None, employee: Employee, role: str, from_on: date) -> None:
    """End the pairs that a person belongs to by a role that they do not have from a date on; later ones are withdrawn.

    The caller holds the lock of the structure. 2 SQL statements where there is no such pair.
    """
    for paired_as, pairs in (
        (Role.TELESALES, Pair.all_rows.filter(telesales=employee)),
        (Role.ASSISTANT, Pair.all_rows.filter(assistant=employee)),
    ):
        if role != paired_as:
            for pair in pairs.filter(Q(valid__contains=from_on) | Q(valid__startswith__gte=from_on)).order_by("valid"):
                _end(actor, pair, from_on)


def _end(actor: User | None, pair: Pair, on: date) -> None:
    before = {"telesales": pair.telesales_id, "assistant": pair.assistant_id}
    record(actor=actor, action="pair.ended", obj=pair, before=before, after={"from_on": on})
    if pair.valid_from >= on:
        pair.delete()
    else:
        pair.close_on(on)
        pair.save(update_fields=["valid"])


def _check_role(employee: Employee, role: Role, field: str, on: date) -> None:
    if not Assignment.all_rows.filter(employee=employee, role=role, valid__contains=on).exists():
        raise invalid(
            "not_in_role",
            _("%(name)s is not %(role)s on this date.") % {"name": employee.full_name, "role": role.label},
            field=field,
            value=employee.full_name,
            remedy=_("Choose somebody who is."),
        )
