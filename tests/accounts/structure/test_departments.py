"""Departments and directions: a tree without circles, names that tell them apart."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Department, DepartmentKind, Direction
from accounts.structure.services import (
    change_department,
    change_direction,
    create_department,
    create_direction,
    move_department,
)
from salesys.kernel.errors import InvalidInput
from tests.personas import PersonaCompany


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    (issue,) = error.value.issues
    return issue.code, issue.field


def test_a_department_is_opened_below_another(company: PersonaCompany) -> None:
    made = create_department(
        actor=company.administrator.user, name="  Far   East ", kind="interregional", parent=company.root, time_zone="Asia/Omsk"
    )
    made.refresh_from_db()
    assert (made.name, made.kind, made.parent_id, made.time_zone) == ("Far East", "interregional", company.root.pk, "Asia/Omsk")
    event = AuditEvent.all_rows.get(action="department.created")
    assert (event.object_id, event.actor) == (made.pk, company.administrator.user)


@pytest.mark.parametrize(
    ("values", "issue"),
    [
        ({"name": " ", "kind": "active"}, ("name_length", "name")),
        ({"name": "x" * 201, "kind": "active"}, ("name_length", "name")),
        ({"name": "Sales", "kind": "active"}, ("name_taken", "name")),
        ({"name": "New", "kind": "unheard of"}, ("unknown_kind", "kind")),
        ({"name": "New", "kind": "active", "time_zone": "Mars/Olympus"}, ("unknown_time_zone", "time_zone")),
    ],
)
def test_a_wrong_department_is_refused(company: PersonaCompany, values: dict[str, str], issue: tuple[str, str]) -> None:
    before = Department.all_rows.count()
    with pytest.raises(InvalidInput) as error:
        create_department(actor=None, parent=company.root, **values)
    assert refused(error) == issue
    assert Department.all_rows.count() == before
    assert not AuditEvent.all_rows.exists()


def test_two_departments_at_the_top_need_two_names(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        create_department(actor=None, name=company.root.name, kind="active")
    assert refused(error) == ("name_taken", "name")


def test_a_department_moves_with_all_below_it(company: PersonaCompany) -> None:
    move_department(actor=company.administrator.user, department=company.telesales_department, parent=company.sales)
    company.telesales_department.refresh_from_db()
    assert company.telesales_department.parent == company.sales
    event = AuditEvent.all_rows.get(action="department.moved")
    assert event.changes == {"parent": [company.root.pk, company.sales.pk]}


def test_a_department_does_not_move_below_itself(company: PersonaCompany) -> None:
    inner = create_department(actor=None, name="Inner", kind="active", parent=company.sales)
    for parent in (company.root, company.sales, inner):
        with pytest.raises(InvalidInput) as error:
            move_department(actor=None, department=company.root, parent=parent)
        assert refused(error) == ("department_circle", "parent")
    company.root.refresh_from_db()
    assert company.root.parent is None


def test_a_department_is_renamed(company: PersonaCompany) -> None:
    change_department(actor=None, department=company.sales, name="Hunters", kind=DepartmentKind.ACTIVE)
    company.sales.refresh_from_db()
    assert company.sales.name == "Hunters"
    assert AuditEvent.all_rows.get(action="department.changed").changes == {"name": ["Sales", "Hunters"]}


def test_a_department_keeps_its_name_when_the_new_one_is_taken(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        change_department(actor=None, department=company.sales, name="Inbound", kind=DepartmentKind.ACTIVE)
    assert refused(error) == ("name_taken", "name")
    company.sales.refresh_from_db()
    assert company.sales.name == "Sales"


def test_a_direction_is_opened_renamed_and_closed(company: PersonaCompany) -> None:
    made = create_direction(actor=None, name="Food")
    change_direction(actor=None, direction=made, name="Food and drink", is_active=False)
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Food and drink", False)
    changes = AuditEvent.all_rows.get(action="direction.changed").changes
    assert changes == {"name": ["Food", "Food and drink"], "is_active": [True, False]}


def test_a_direction_needs_a_name_of_its_own(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        create_direction(actor=None, name="Retail")
    assert refused(error) == ("name_taken", "name")
    assert Direction.all_rows.count() == 2
