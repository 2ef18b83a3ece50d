"""Two people change the structure at the same moment: real connections, real locks, real constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import Assignment, Department, DepartmentKind
from accounts.roles import Role
from accounts.structure.assigning import assign_employee
from accounts.structure.placement import Placement
from accounts.structure.services import create_department, move_department
from salesys.db.effective import from_date
from salesys.db.organisation import forget_organisation
from salesys.kernel.errors import InvalidInput
from tests.personas import PersonaCompany, make_company

pytestmark = pytest.mark.django_db(transaction=True)
MAY = date(2025, 5, 1)


@pytest.fixture
def committed() -> Iterator[PersonaCompany]:
    """The company, committed, so that other connections see it."""
    yield make_company()
    forget_organisation()


def both(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds at the same moment on connections of their own; how each ended: `done` or its code."""
    start = Barrier(len(deeds), timeout=60)

    def run(deed: Callable[[], object]) -> str:
        try:
            start.wait()
            deed()
        except InvalidInput as error:
            return error.issues[0].code
        except IntegrityError:
            return "refused by the database"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def test_two_changes_of_one_person_leave_one_of_them(committed: PersonaCompany) -> None:
    seller = committed.seller.employee
    places = [Placement(committed.clients, Role.CLIENT_MANAGER), Placement(committed.vip, Role.VIP_MANAGER)]
    ends = both(
        *[lambda place=place: assign_employee(actor=None, employee=seller, placement=place, from_on=MAY) for place in places]
    )
    assert ends == ["done", "later_change"]
    rows = Assignment.all_rows.filter(employee=seller)
    assert sorted((row.valid_from, row.valid_to) for row in rows if row.valid_to) == [(committed.start, MAY)]
    assert rows.filter(valid__contains=MAY).count() == 1


def test_without_the_lock_the_database_still_refuses_the_overlap(committed: PersonaCompany) -> None:
    def open_row() -> None:
        with transaction.atomic():
            Assignment.all_rows.create(
                employee=committed.unassigned.employee, department=committed.sales, role=Role.SELLER, valid=from_date(MAY)
            )

    assert both(open_row, open_row) == ["done", "refused by the database"]
    assert Assignment.all_rows.filter(employee=committed.unassigned.employee).count() == 1


def test_two_people_cannot_become_each_others_managers(committed: PersonaCompany) -> None:
    one, other = committed.seller.employee, committed.second_seller.employee

    def below(person: object, manager: object) -> Callable[[], object]:
        placement = Placement(committed.sales, Role.SELLER, committed.machinery, manager)  # type: ignore[arg-type]
        return lambda: assign_employee(actor=None, employee=person, placement=placement, from_on=MAY)  # type: ignore[arg-type]

    assert both(below(one, other), below(other, one)) == ["done", "manager_circle"]
    assert Assignment.all_rows.filter(valid__contains=MAY, manager__in=[one, other]).count() == 1


def test_two_departments_cannot_move_below_each_other(committed: PersonaCompany) -> None:
    one = create_department(actor=None, name="North", kind=DepartmentKind.ACTIVE)
    other = create_department(actor=None, name="South", kind=DepartmentKind.ACTIVE)
    ends = both(
        lambda: move_department(actor=None, department=one, parent=other),
        lambda: move_department(actor=None, department=other, parent=one),
    )
    assert ends == ["department_circle", "done"]
    assert Department.all_rows.filter(pk__in=[one.pk, other.pk], parent__isnull=True).count() == 1


def test_the_lock_wants_a_transaction() -> None:
    from salesys.db.locks import lock_until_commit

    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match=r"held until the end of a transaction"):
        lock_until_commit("accounts.structure")
