"""Services: who stands where from when on. A change closes one row and opens the next; history is not overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.access.audit import Deed, record, record_many
from accounts.access.locks import lock_structure
from accounts.access.table import WIDE_ROLES
from accounts.people.models import Employee, User
from accounts.people.policies import require_placing
from accounts.people.services import end_invitations
from accounts.people.standing import roles_from
from accounts.structure.models import Assignment
from accounts.structure.pairing import end_pairs_of_other_roles
from accounts.structure.placement import Placement, check_dates, check_placement, refuse_circles
from salesys.db import clock
from salesys.db.constraints import constraints_as_issues
from salesys.db.effective import from_date
from salesys.kernel.errors import InvalidInput, Issue, invalid


@dataclass(frozen=True, slots=True)
class Move:
    """A stand of a person in `[from_on, until_on)`, for `assign_many`."""

    employee: Employee
    placement: Placement
    from_on: date
    until_on: date | None = None


@transaction.atomic
def assign_employee(*, actor: User | None, employee: Employee, placement: Placement, from_on: date) -> Assignment:
    """Let a person stand somewhere from `from_on` on: the running assignment ends there and this one opens.

    Who is no telesales person or assistant any more is nobody's pair from then on. Locks the structure. The date may lie in the
    past (late news), today or ahead, but not before a change that is recorded already.

    Raises:
        InvalidInput: Not employed on the date; a later change is recorded; the same as now; the manager does not fit.
        NotAllowed: The person is not the actor's to place, or the role not the actor's to give.
    """
    lock_structure()
    employee = Employee.all_rows.get(pk=employee.pk)
    require_placing(actor, employee, [placement.role])
    is_new_to_clients = _comes_to_clients(employee, placement)
    check_dates(employee, from_on)
    _refuse_later_changes(employee, from_on)
    check_placement(employee, placement, from_on, employee.dismissed_on)
    running = Assignment.all_rows.filter(employee=employee, valid__contains=from_on).first()
    if running is not None:
        _close(running, placement, from_on)
    assignment = _open(employee, placement, from_on, employee.dismissed_on)
    end_pairs_of_other_roles(actor=actor, employee=employee, role=placement.role, from_on=from_on)
    before = Placement.of(running).as_fields() if running is not None else {}
    after = {**placement.as_fields(), "from_on": from_on}
    record(actor=actor, action="assignment.changed", obj=assignment, before=before, after=after)
    if is_new_to_clients:
        end_invitations(actor=actor, employee=employee)
    return assignment


@transaction.atomic
def correct_assignment(*, actor: User | None, assignment: Assignment, placement: Placement, from_on: date) -> Assignment:
    """Correct a change that begins today or later, its date included; locks the structure.

    Pairs of a role that the person does not have then end. Those that the change had ended do not come back by themselves.

    Raises:
        InvalidInput: It has begun already, or what it would become is refused as in `assign_employee`.
        NotAllowed: As in `assign_employee`, also for the role that was planned and for the one before it: a later date
            prolongs that one, which is giving it.
    """
    lock_structure()
    assignment = Assignment.all_rows.select_related("employee").get(pk=assignment.pk)
    require_placing(actor, assignment.employee, [placement.role, *roles_at_stake(assignment)])
    is_new_to_clients = _comes_to_clients(assignment.employee, placement)
    _refuse_begun(assignment)
    check_dates(assignment.employee, from_on)
    check_placement(assignment.employee, placement, from_on, assignment.valid_to)
    if assignment.valid_to is not None and from_on >= assignment.valid_to:
        raise InvalidInput(overlap_issue(from_on))
    before = {**Placement.of(assignment).as_fields(), "from_on": assignment.valid_from}
    assignment.department, assignment.role = placement.department, placement.role
    assignment.direction, assignment.manager = placement.direction, placement.manager
    with constraints_as_issues({"assignment_one_at_a_time": overlap_issue(from_on)}):
        _begin_on(assignment, from_on)
    end_pairs_of_other_roles(actor=actor, employee=assignment.employee, role=placement.role, from_on=from_on)
    after = {**placement.as_fields(), "from_on": from_on}
    record(actor=actor, action="assignment.corrected", obj=assignment, before=before, after=after)
    if is_new_to_clients:
        end_invitations(actor=actor, employee=assignment.employee)
    return assignment


@transaction.atomic
def withdraw_assignment(*, actor: User | None, assignment: Assignment) -> None:
    """Take back a change that begins after today; the assignment before it goes on. Locks the structure.

    Pairs of the role that is taken back end; those that the change had ended do not come back by themselves.

    Raises:
        InvalidInput: It has begun already.
        NotAllowed: As in `correct_assignment`.
    """
    lock_structure()
    assignment = Assignment.all_rows.select_related("employee").get(pk=assignment.pk)
    require_placing(actor, assignment.employee, roles_at_stake(assignment))
    _refuse_begun(assignment)
    previous, end = _previous(assignment), assignment.valid_to
    before = {**Placement.of(assignment).as_fields(), "from_on": assignment.valid_from}
    record(actor=actor, action="assignment.withdrawn", obj=assignment, before=before, after={})
    assignment.delete()
    if previous is not None:
        check_placement(assignment.employee, Placement.of(previous), previous.valid_from, end)
        previous.valid = DateRange(previous.valid_from, end)
        previous.save(update_fields=["valid"])
    role = previous.role if previous is not None else ""
    end_pairs_of_other_roles(actor=actor, employee=assignment.employee, role=role, from_on=assignment.valid_from)


@transaction.atomic
def assign_many(*, actor: User | None, moves: Sequence[Move]) -> list[Assignment]:
    """Record many stands at once, as they were or will be: three SQL statements and two more per thousand rows.

    Dates are checked against hiring, overlaps by the database; managers in a circle are refused as of each row's dates.
    Locks the structure.

    Raises:
        InvalidInput: Any of them is refused; nothing is written then.
    """
    lock_structure()
    for move in moves:
        check_dates(move.employee, move.from_on)
    rows = [
        Assignment(
            employee=move.employee,
            department=move.placement.department,
            role=move.placement.role,
            direction=move.placement.direction,
            manager=move.placement.manager,
            valid=from_date(move.from_on, move.until_on),
        )
        for move in moves
    ]
    with constraints_as_issues({"assignment_one_at_a_time": overlap_issue(""), "assignment_manager_is_another": _own_manager()}):
        Assignment.all_rows.bulk_create(rows, batch_size=1000)
    refuse_circles([row.pk for row in rows])
    record_many(
        actor=actor,
        deeds=[
            Deed("assignment.changed", row, {}, {**move.placement.as_fields(), "from_on": move.from_on})
            for row, move in zip(rows, moves, strict=True)
        ],
    )
    return rows


def roles_at_stake(assignment: Assignment) -> list[str]:
    """The roles that whoever corrects or takes back a change gives or takes: its own and the one before it; 1 SQL statement."""
    previous = _previous(assignment)
    return [assignment.role] if previous is None else [assignment.role, previous.role]


def overlap_issue(value: object) -> Issue:
    """Two assignments at once, for a person."""
    return Issue(
        "assignment_overlaps",
        _("A person stands in one place at a time; another assignment covers these dates."),
        "from_on",
        str(value),
        _("Choose a date after the other begins, or change the other."),
    )


def _comes_to_clients(employee: Employee, placement: Placement) -> bool:
    """Whether this is the first role by which the person opens clients that nobody has handed over."""
    return placement.role in WIDE_ROLES and not roles_from(employee, clock.today()) & WIDE_ROLES


def _own_manager() -> Issue:
    return Issue("own_manager", _("Nobody is their own manager."), "manager", "", _("Choose another manager."))


def _refuse_later_changes(employee: Employee, from_on: date) -> None:
    later = Assignment.all_rows.filter(employee=employee, valid__startswith__gte=from_on).order_by("valid").first()
    if later is not None:
        raise invalid(
            "later_change",
            _("A change from %(date)s on is recorded already.") % {"date": later.valid_from},
            field="from_on",
            value=from_on,
            remedy=_("Choose a date after it, or correct or withdraw that change."),
        )


def _refuse_begun(assignment: Assignment) -> None:
    if assignment.valid_from < clock.today():
        raise invalid(
            "already_begun",
            _("This began on %(date)s and is history now.") % {"date": assignment.valid_from},
            field="from_on",
            value=assignment.valid_from,
            remedy=_("Record a new change from a later date on."),
        )


def _close(running: Assignment, placement: Placement, on: date) -> None:
    if placement.same_as(running):
        raise InvalidInput(Issue("no_change", _("This is where the person stands already."), "", "", _("Change something.")))
    running.close_on(on)
    running.save(update_fields=["valid"])


def _open(employee: Employee, placement: Placement, start: date, end: date | None) -> Assignment:
    with constraints_as_issues({"assignment_one_at_a_time": overlap_issue(start)}):
        return Assignment.all_rows.create(
            employee=employee,
            department=placement.department,
            role=placement.role,
            direction=placement.direction,
            manager=placement.manager,
            valid=from_date(start, end),
        )


def _previous(assignment: Assignment) -> Assignment | None:
    """The assignment that ends where this one begins."""
    return Assignment.all_rows.filter(employee_id=assignment.employee_id, valid__endswith=assignment.valid_from).first()


def _begin_on(assignment: Assignment, on: date) -> None:
    """Save the assignment with a new first date; the one before it ends there. Shrinks first, so that they never overlap."""
    previous, start = _previous(assignment), assignment.valid_from
    if previous is not None and on < start:
        previous.close_on(on)
        previous.save(update_fields=["valid"])
    assignment.valid = from_date(on, assignment.valid_to)
    assignment.save()
    if previous is not None and on > start:
        previous.valid = DateRange(previous.valid_from, on)
        previous.save(update_fields=["valid"])
