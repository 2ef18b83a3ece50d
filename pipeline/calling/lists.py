"""Call lists: made by heads and the base manager, filled in bulk, called by their members."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.calling import policies
from pipeline.calling.models import CallList, CallListMember
from pipeline.clients.models import Relationship
from pipeline.clients.policies import require
from salesys.db import clock
from salesys.db.rows import check_row, set_fields
from salesys.kernel.errors import invalid

LIST_FIELDS = frozenset({"name", "direction", "seller", "script", "is_active"})
ROUTE = frozenset({"direction_id", "seller_id"})
"""To whom warm contacts of a list go."""

ADD_ENTRIES = """
INSERT INTO pipeline_calllistentry (call_list_id, company_id, contact_id, time_zone, priority, state, attempts)
SELECT %(list)s, company.id, contact.id, company.time_zone, %(first)s + wanted.place * %(step)s, 'waiting', 0
FROM unnest(%(companies)s::bigint[]) WITH ORDINALITY AS wanted(company_id, place)
JOIN pipeline_company company ON company.id = wanted.company_id
-- whom to ask for: who decides, else who was entered first
LEFT JOIN LATERAL (
    SELECT id FROM pipeline_contact WHERE company_id = company.id ORDER BY is_decision_maker DESC, id LIMIT 1
) contact ON true
WHERE NOT %(without_held)s OR NOT EXISTS (
    SELECT FROM pipeline_relationship r
    WHERE r.company_id = company.id AND r.kind = ANY(%(holding)s) AND r.valid @> %(today)s::date
)
ORDER BY wanted.place
ON CONFLICT (call_list_id, company_id) DO NOTHING
"""


@transaction.atomic
def create_list(*, actor: User | None, fields: Mapping[str, object], member_ids: Collection[int] = ()) -> CallList:
    """Make a list and say who calls it.

    Args:
        actor: None for the system's own jobs.
        fields: Of `LIST_FIELDS`; `name` is required.
        member_ids: Employees who call it.

    Raises:
        InvalidInput: A field that is wrong.
        NotAllowed: The actor's role makes no lists.
    """
    if actor is not None:
        require(policies.can_create_list(actor), problem=_("Your role makes no call lists."))
    call_list = CallList()
    set_fields(call_list, fields, LIST_FIELDS)
    check_row(call_list)
    call_list.save()
    record(actor=actor, action="call_list.created", obj=call_list, after={"name": call_list.name})
    if member_ids:
        set_members(actor=actor, call_list=call_list, member_ids=member_ids)
    return call_list


@transaction.atomic
def update_list(*, actor: User | None, call_list: CallList, fields: Mapping[str, object]) -> CallList:
    """Change some fields of a list, `is_active` among them; locks it. Arguments and errors as for `create_list`.

    To whom its warm contacts go is the direction's to say (`policies.can_route_list`).
    """
    _require_change(actor, call_list)
    row: CallList = CallList.all_rows.select_for_update(of=("self",)).get(pk=call_list.pk)
    may_route = actor is None or policies.can_route_list(actor, row)
    before = set_fields(row, fields, LIST_FIELDS)
    if ROUTE & before.keys():
        require(may_route, problem=_("To whom warm contacts of this list go is decided by the head of its direction."))
    if before:
        check_row(row)
        row.save()
        record(
            actor=actor, action="call_list.updated", obj=row, before=before, after={name: getattr(row, name) for name in before}
        )
    return row


@transaction.atomic
def set_members(*, actor: User | None, call_list: CallList, member_ids: Collection[int]) -> None:
    """Say who calls a list; people who are taken off keep what they have in hand and what they promised. Locks the list.

    Raises:
        InvalidInput: A person who does not exist.
        NotAllowed: The list is not the actor's to change.
    """
    _require_change(actor, call_list)
    CallList.all_rows.select_for_update(of=("self",)).get(pk=call_list.pk)
    wanted = set(member_ids)
    known = set(Employee.all_rows.filter(pk__in=wanted).values_list("pk", flat=True))
    if unknown := sorted(wanted - known):
        raise invalid(
            "no_such_person", _("There is no such person."), field="members", value=unknown[0], remedy=_("Choose another.")
        )
    rows = CallListMember.all_rows.filter(call_list=call_list)
    before = set(rows.values_list("employee_id", flat=True))
    rows.exclude(employee_id__in=wanted).delete()
    CallListMember.all_rows.bulk_create(CallListMember(call_list=call_list, employee_id=pk) for pk in sorted(wanted - before))
    if before != wanted:
        record(
            actor=actor,
            action="call_list.members_set",
            obj=call_list,
            before={"members": sorted(before)},
            after={"members": sorted(wanted)},
        )


@transaction.atomic
def add_entries(
    *,
    actor: User | None,
    call_list: CallList,
    company_ids: Iterable[int],
    first_priority: int = 0,
    keeps_order: bool = True,
    without_held: bool = False,
) -> int:
    """Put companies on a list, in one SQL statement however many there are; those on it already stay as they are.

    Args:
        actor: None for the system's own jobs.
        call_list: Read through the scope by the caller.
        company_ids: In the order in which they shall be called. Pages pass only ids that the actor sees.
        first_priority: Added to each place in the order; smaller is called earlier.
        keeps_order: False gives all the same priority.
        without_held: Leave out companies that a seller, a client manager or a VIP manager holds today.

    Returns:
        How many were added.
    """
    _require_change(actor, call_list)
    parameters: dict[str, Any] = {
        "list": call_list.pk,
        "companies": list(company_ids),
        "first": first_priority,
        "step": int(keeps_order),
        "without_held": without_held,
        "holding": list(Relationship.HOLDING),
        "today": clock.today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD_ENTRIES, parameters)
        added = int(cursor.rowcount)
    record(actor=actor, action="call_list.filled", obj=call_list, after={"count": added})
    return added


def _require_change(actor: User | None, call_list: CallList) -> None:
    if actor is not None:
        require(policies.can_change_list(actor, call_list), problem=_("This list is not yours to change."))
