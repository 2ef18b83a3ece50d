"""Assignments: a change closes one row and opens the next; what does not fit is refused and changes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Assignment, AuditEvent, Employee, Pair
from accounts.roles import Role
from accounts.structure.assigning import Move, assign_employee, assign_many, correct_assignment, withdraw_assignment
from accounts.structure.placement import Placement
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from tests.factories import EmployeeFactory
from tests.personas import START, PersonaCompany

MAY = date(2025, 5, 1)


def stands(employee: Employee) -> list[tuple[date, date | None, str]]:
    """From, to and role of everything that a person was assigned to, in order."""
    rows = Assignment.all_rows.filter(employee=employee).order_by("valid")
    return [(row.valid_from, row.valid_to, row.role) for row in rows]


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    """Code and field of the only issue."""
    (issue,) = error.value.issues
    return issue.code, issue.field


def test_a_change_closes_the_running_assignment_and_opens_the_next(company: PersonaCompany) -> None:
    placement = Placement(company.clients, Role.CLIENT_MANAGER, company.machinery, company.head.employee)
    made = assign_employee(actor=company.administrator.user, employee=company.seller.employee, placement=placement, from_on=MAY)
    assert stands(company.seller.employee) == [(START, MAY, "seller"), (MAY, None, "client_manager")]
    event = AuditEvent.all_rows.get(action="assignment.changed", object_id=made.pk)
    assert event.actor == company.administrator.user
    assert event.changes["role"] == ["seller", "client_manager"]
    assert event.changes["department"] == [company.sales.pk, company.clients.pk]
    assert event.changes["from_on"] == [None, "2025-05-01"]


@pytest.mark.parametrize(
    ("on", "code"), [(date(2025, 1, 8), "before_hiring"), (START, "later_change"), (date(2024, 6, 1), "before_hiring")]
)
def test_a_date_that_does_not_fit_is_refused(company: PersonaCompany, on: date, code: str) -> None:
    placement = Placement(company.clients, Role.CLIENT_MANAGER)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=on)
    assert refused(error) == (code, "from_on")
    assert stands(company.seller.employee) == [(START, None, "seller")]
    assert not AuditEvent.all_rows.exists()


def test_the_same_place_again_is_refused(company: PersonaCompany) -> None:
    placement = Placement(company.sales, Role.SELLER, company.machinery, company.head.employee)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)
    assert refused(error)[0] == "no_change"
    assert stands(company.seller.employee) == [(START, None, "seller")]


def test_a_person_who_left_is_assigned_nowhere(company: PersonaCompany) -> None:
    gone = EmployeeFactory(hired_on=START, dismissed_on=MAY)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=gone, placement=Placement(company.sales, Role.SELLER), from_on=MAY)
    assert refused(error) == ("after_dismissal", "from_on")
    assert stands(gone) == []


def test_nobody_stands_below_themselves(company: PersonaCompany) -> None:
    # The director over the head, the head over the seller: the director under the seller would close the circle.
    placement = Placement(company.root, Role.COMMERCIAL_DIRECTOR, None, company.seller.employee)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=company.director.employee, placement=placement, from_on=MAY)
    assert refused(error) == ("manager_circle", "manager")
    assert stands(company.director.employee) == [(START, None, "commercial_director")]


def test_a_circle_that_only_a_later_date_would_close_is_refused(company: PersonaCompany) -> None:
    autumn = date(2025, 9, 1)
    below_second = Placement(company.sales, Role.SELLER, company.machinery, company.second_seller.employee)
    assign_employee(actor=None, employee=company.seller.employee, placement=below_second, from_on=autumn)
    below_first = Placement(company.sales, Role.SELLER, company.machinery, company.seller.employee)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=company.second_seller.employee, placement=below_first, from_on=MAY)
    assert refused(error) == ("manager_circle", "manager")
    assert "2025-09-01" in error.value.issues[0].problem
    assert stands(company.second_seller.employee) == [(START, None, "seller")]


def test_the_same_people_may_stand_the_other_way_round_once_the_first_time_is_over(company: PersonaCompany) -> None:
    summer, autumn = date(2025, 6, 1), date(2025, 9, 1)
    first = Placement(company.sales, Role.SELLER, company.machinery, company.second_seller.employee)
    back = Placement(company.sales, Role.SELLER, company.machinery, company.head.employee)
    assign_employee(actor=None, employee=company.seller.employee, placement=first, from_on=MAY)
    assign_employee(actor=None, employee=company.seller.employee, placement=back, from_on=summer)
    turned = Placement(company.sales, Role.SELLER, company.machinery, company.seller.employee)
    assign_employee(actor=None, employee=company.second_seller.employee, placement=turned, from_on=autumn)
    assert stands(company.second_seller.employee)[-1] == (autumn, None, "seller")


def test_nobody_is_their_own_manager(company: PersonaCompany) -> None:
    placement = Placement(company.sales, Role.SELLER, None, company.seller.employee)
    with pytest.raises(InvalidInput) as error:
        assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)
    assert refused(error) == ("own_manager", "manager")


def test_a_manager_who_left_is_refused(company: PersonaCompany) -> None:
    gone = EmployeeFactory(hired_on=START, dismissed_on=date(2025, 3, 1))
    with pytest.raises(InvalidInput) as error:
        placement = Placement(company.sales, Role.SELLER, None, gone)
        assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)
    assert refused(error) == ("manager_absent", "manager")


def test_a_closed_direction_takes_nobody(company: PersonaCompany) -> None:
    company.retail.is_active = False
    with pytest.raises(InvalidInput) as error:
        placement = Placement(company.sales, Role.SELLER, company.retail)
        assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)
    assert refused(error) == ("direction_closed", "direction")


@pytest.mark.parametrize("days", [5, 20])
def test_a_planned_change_is_corrected_with_its_date(company: PersonaCompany, days: int) -> None:
    today = clock.today()
    planned_on, corrected_on = today + timedelta(days=10), today + timedelta(days=days)
    placement = Placement(company.clients, Role.CLIENT_MANAGER)
    planned = assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=planned_on)
    other = Placement(company.vip, Role.VIP_MANAGER)
    correct_assignment(actor=company.director.user, assignment=planned, placement=other, from_on=corrected_on)
    assert stands(company.seller.employee) == [(START, corrected_on, "seller"), (corrected_on, None, "vip_manager")]
    event = AuditEvent.all_rows.get(action="assignment.corrected")
    assert event.changes["from_on"] == [planned_on.isoformat(), corrected_on.isoformat()]


def test_history_is_not_corrected(company: PersonaCompany) -> None:
    running = Assignment.all_rows.get(employee=company.seller.employee)
    with pytest.raises(InvalidInput) as error:
        correct_assignment(actor=None, assignment=running, placement=Placement(company.vip, Role.VIP_MANAGER), from_on=START)
    assert refused(error) == ("already_begun", "from_on")
    assert stands(company.seller.employee) == [(START, None, "seller")]


def test_a_planned_change_that_is_taken_back_leaves_what_was(company: PersonaCompany) -> None:
    on = clock.today() + timedelta(days=10)
    placement = Placement(company.clients, Role.CLIENT_MANAGER)
    planned = assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=on)
    withdraw_assignment(actor=company.hr.user, assignment=planned)
    assert stands(company.seller.employee) == [(START, None, "seller")]
    assert AuditEvent.all_rows.filter(action="assignment.withdrawn", actor=company.hr.user).count() == 1


def test_many_are_assigned_at_once(company: PersonaCompany, django_assert_max_num_queries: object) -> None:
    people = [EmployeeFactory() for _ in range(40)]
    moves = [
        Move(person, Placement(company.sales, Role.SELLER, company.machinery, company.head.employee), START, MAY)
        for person in people
    ]
    moves += [
        Move(person, Placement(company.clients, Role.CLIENT_MANAGER, None, company.head.employee), MAY) for person in people
    ]
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assign_many(actor=None, moves=moves)
    assert stands(people[7]) == [(START, MAY, "seller"), (MAY, None, "client_manager")]
    assert AuditEvent.all_rows.filter(action="assignment.changed").count() == 80


def test_many_with_one_overlap_are_refused_whole(company: PersonaCompany) -> None:
    new = EmployeeFactory()
    placement = Placement(company.sales, Role.SELLER)
    with pytest.raises(InvalidInput) as error:
        assign_many(actor=None, moves=[Move(new, placement, START), Move(company.seller.employee, placement, MAY)])
    assert refused(error) == ("assignment_overlaps", "from_on")
    assert stands(new) == []
    assert stands(company.seller.employee) == [(START, None, "seller")]


def test_many_that_close_a_circle_are_refused_whole(company: PersonaCompany) -> None:
    one, other = EmployeeFactory(full_name="One"), EmployeeFactory(full_name="Other")
    moves = [
        Move(one, Placement(company.sales, Role.SELLER, None, other), START),
        Move(other, Placement(company.sales, Role.SELLER, None, one), MAY),
    ]
    with pytest.raises(InvalidInput) as error:
        assign_many(actor=None, moves=moves)
    assert refused(error) == ("manager_circle", "manager")
    assert "2025-05-01" in error.value.issues[0].problem
    assert stands(one) == []


def test_the_database_refuses_two_assignments_at_once(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        assign_many(
            actor=None, moves=[Move(company.seller.employee, Placement(company.sales, Role.SELLER), MAY, date(2025, 6, 1))]
        )
    assert refused(error)[0] == "assignment_overlaps"
    row = Assignment.all_rows.get(employee=company.seller.employee)
    assert row.valid == DateRange(START, None)


def pairs_of(employee: Employee) -> list[tuple[date, date | None]]:
    """From and to of the pairs that a person belongs to."""
    rows = (Pair.all_rows.filter(assistant=employee) | Pair.all_rows.filter(telesales=employee)).order_by("valid")
    return [(row.valid_from, row.valid_to) for row in rows]


@pytest.mark.parametrize("name", ["assistant", "telesales"])
def test_who_changes_role_is_nobodys_pair_any_more(company: PersonaCompany, name: str) -> None:
    employee = getattr(company, name).employee
    placement = Placement(company.sales, Role.SELLER, company.machinery, company.head.employee)
    assign_employee(actor=company.administrator.user, employee=employee, placement=placement, from_on=MAY)
    assert pairs_of(employee) == [(START, MAY)]
    event = AuditEvent.all_rows.get(action="pair.ended")
    assert (event.actor, event.changes["from_on"]) == (company.administrator.user, [None, "2025-05-01"])
    assert pairs_of(company.rival_assistant.employee) == [(START, None)]


def test_who_moves_in_the_same_role_keeps_the_pair(company: PersonaCompany) -> None:
    placement = Placement(company.assistants, Role.ASSISTANT, company.retail, company.rival_telesales.employee)
    assign_employee(actor=None, employee=company.assistant.employee, placement=placement, from_on=MAY)
    assert pairs_of(company.assistant.employee) == [(START, None)]
    assert not AuditEvent.all_rows.filter(action="pair.ended").exists()


def test_a_pair_from_a_later_date_is_withdrawn_with_the_role(company: PersonaCompany) -> None:
    Pair.all_rows.filter(telesales=company.telesales.employee).update(valid=DateRange(MAY + timedelta(days=9), None))
    placement = Placement(company.sales, Role.SELLER, company.machinery, company.head.employee)
    assign_employee(actor=None, employee=company.assistant.employee, placement=placement, from_on=MAY)
    assert pairs_of(company.assistant.employee) == []


def test_a_change_that_is_taken_back_takes_its_pairs_with_it(company: PersonaCompany) -> None:
    soon = clock.today() + timedelta(days=7)
    placement = Placement(company.assistants, Role.ASSISTANT, company.machinery, company.telesales.employee)
    made = assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=soon)
    Pair.all_rows.filter(telesales=company.telesales.employee).update(valid=DateRange(START, soon))
    Pair.all_rows.create(telesales=company.telesales.employee, assistant=company.seller.employee, valid=DateRange(soon, None))
    withdraw_assignment(actor=None, assignment=made)
    assert pairs_of(company.seller.employee) == []
    assert pairs_of(company.assistant.employee) == [(START, soon)]
