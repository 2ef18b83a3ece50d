"""A head sees the pool exactly as the run will divide it, and divides it among people who answer to that head."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from accounts.models import Assignment, AuditEvent, Department, Employee
from accounts.roles import Role
from compensation.engine.terms import CreditRole as As
from compensation.engine.terms import Rate, Salary, TeamPool
from compensation.ledger.commissions import run_commissions
from compensation.ledger.policies import can_weigh_pool
from compensation.ledger.pools import DepartmentPool, department_pool, pools_to_divide
from compensation.ledger.services import set_pool_weights
from compensation.models import Component, EarningLine, PayPeriod, PoolWeight
from compensation.schemes.services import assign_scheme
from salesys.db.effective import from_date
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.histories import LAST, History
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

JANUARY = Month(2026, 1)
POOL = TeamPool(Decimal("0.1"), Decimal(50_000))


def amounts(pool: DepartmentPool) -> dict[int, Decimal]:
    return {member.employee.pk: member.amount for member in pool.members}


def posted(department: Department, month: Month) -> dict[int, Decimal]:
    """What stands in the ledger of the department's pools."""
    pools = Component.all_rows.filter(kind="team_pool")
    found: dict[int, Decimal] = {}
    for line in EarningLine.all_rows.filter(origin_on=month.first, component__in=pools, department_id=department.pk):
        found[line.payee_id] = found.get(line.payee_id, Decimal(0)) + line.amount
    return found


@pytest.fixture
def three(company: PersonaCompany) -> list[Employee]:
    """The client department: its manager, and two others under the same head, the last of whom came in the middle of January."""
    others = [world.employee(company.clients, Role.CLIENT_MANAGER, start=day(1, start)) for start in (1, 19)]
    Assignment.all_rows.filter(employee__in=others).update(manager=company.head.employee)
    people = [company.client_manager.employee, *others]
    world.paid_by(world.scheme(Salary(Decimal(50_000)), POOL), *people)
    world.pay(world.contract(world.client(manager=people[0]), people[0]), "150100.10", day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    return people


def test_without_parts_days_worked_decide_as_they_do_in_the_run(company: PersonaCompany, three: list[Employee]) -> None:
    pool = department_pool(company.clients, JANUARY)
    assert (pool.collections, pool.fund, pool.divided) == (Decimal("150100.10"), Decimal("10010.01"), Decimal("10010.01"))
    assert not pool.is_weighed
    by_person = {member.employee.pk: (member.days, member.weight, member.amount) for member in pool.members}
    assert by_person == {
        three[0].pk: (15, None, Decimal("3753.76")),
        three[1].pk: (15, None, Decimal("3753.75")),
        three[2].pk: (10, None, Decimal("2502.50")),
    }
    assert amounts(pool) == posted(company.clients, JANUARY)
    assert department_pool(company.vip, JANUARY).members == ()
    assert department_pool(company.clients, Month(2025, 12)).members == ()


def test_a_preview_is_what_the_next_run_posts_to_the_kopeck(company: PersonaCompany, three: list[Employee]) -> None:
    third = Decimal("0.333333")
    parts = {three[0]: third, three[1]: third, three[2]: Decimal("0.333334")}
    preview = department_pool(company.clients, JANUARY, weights={person.pk: part for person, part in parts.items()})
    assert amounts(preview) == {
        three[0].pk: Decimal("3336.67"),
        three[1].pk: Decimal("3336.66"),
        three[2].pk: Decimal("3336.68"),
    }
    assert not PoolWeight.all_rows.exists()
    set_pool_weights(actor=company.head.user, department=company.clients, month=JANUARY, weights=parts)
    run_commissions(actor=None, as_of=day(1, 31))
    kept = department_pool(company.clients, JANUARY)
    assert amounts(kept) == amounts(preview) == posted(company.clients, JANUARY)
    assert {member.employee.pk: member.days for member in kept.members} == {three[0].pk: 15, three[1].pk: 15, three[2].pk: 10}
    assert kept.is_weighed


@pytest.mark.parametrize("seed", [6, 9, 11])
def test_whatever_has_happened_the_pool_shown_is_the_pool_posted(seed: int) -> None:
    history = History(random.Random(seed))
    history.begin()
    for _change in range(50):
        history.step()
    run_commissions(actor=None, as_of=LAST.last)
    compared = 0
    for number in range(1, LAST.number + 1):
        for department in history.departments:
            pool = department_pool(department, Month(2026, number))
            standing = {payee: amount for payee, amount in posted(department, pool.month).items() if amount}
            assert {payee: amount for payee, amount in amounts(pool).items() if amount} == standing
            compared += len(standing)
    assert compared > 3


def test_only_members_of_the_month_have_a_part(company: PersonaCompany, three: list[Employee]) -> None:
    seller = company.seller.employee
    with pytest.raises(InvalidInput) as error:
        set_pool_weights(
            actor=company.head.user,
            department=company.clients,
            month=JANUARY,
            weights={three[0]: Decimal("0.5"), seller: Decimal("0.5")},
        )
    assert [(issue.code, issue.value) for issue in error.value.issues] == [("not_a_member", seller.full_name)]
    assert not PoolWeight.all_rows.exists()
    assert not AuditEvent.all_rows.filter(action="pool.weighed").exists()


@pytest.mark.parametrize("status", ["approved", "closed"])
def test_a_settled_month_is_not_divided_again(company: PersonaCompany, three: list[Employee], status: str) -> None:
    PayPeriod.all_rows.update(status=status)
    with pytest.raises(Conflict) as error:
        set_pool_weights(actor=company.head.user, department=company.clients, month=JANUARY, weights={three[0]: Decimal(1)})
    assert error.value.issues[0].problem == "The period is approved: the pool has been divided."
    assert not PoolWeight.all_rows.exists()


def test_a_head_divides_only_among_people_who_all_answer_to_that_head(company: PersonaCompany, three: list[Employee]) -> None:
    assert pools_to_divide(company.head.user, JANUARY) == [company.clients]
    assert pools_to_divide(company.rival_head.user, JANUARY) == []
    assert pools_to_divide(company.director.user, JANUARY) == [company.clients]
    assert pools_to_divide(company.accountant.user, JANUARY) == []
    stranger = Assignment.all_rows.get(employee=three[2])
    stranger.manager = company.rival_head.employee
    stranger.save()
    for head in (company.head, company.rival_head):
        assert not can_weigh_pool(head.user, company.clients, JANUARY)
        with pytest.raises(NotAllowed):
            set_pool_weights(actor=head.user, department=company.clients, month=JANUARY, weights={three[0]: Decimal(1)})
    assert not PoolWeight.all_rows.exists()
    stranger.close_on(day(1, 25))
    stranger.save()
    assert not can_weigh_pool(company.head.user, company.clients, JANUARY)
    assert can_weigh_pool(company.head.user, company.clients, Month(2026, 2))


def test_a_past_month_is_not_divided_by_the_head_to_whom_its_people_answer_no_more(
    company: PersonaCompany, three: list[Employee]
) -> None:
    moved = Assignment.all_rows.get(employee=three[2])
    moved.close_on(day(2))
    moved.save()
    Assignment.all_rows.create(
        employee=three[2],
        department=company.second_sales,
        role=Role.SELLER,
        manager=company.rival_head.employee,
        valid=from_date(day(2)),
    )
    assert can_weigh_pool(company.head.user, company.clients, Month(2026, 2))
    assert not can_weigh_pool(company.head.user, company.clients, JANUARY)
    assert pools_to_divide(company.head.user, JANUARY) == []
    assert pools_to_divide(company.director.user, JANUARY) == [company.clients]
    with pytest.raises(NotAllowed):
        set_pool_weights(actor=company.head.user, department=company.clients, month=JANUARY, weights={three[0]: Decimal(1)})
    assert not PoolWeight.all_rows.exists()


def test_who_left_the_company_does_not_take_the_month_from_their_head(company: PersonaCompany, three: list[Employee]) -> None:
    left = Assignment.all_rows.get(employee=three[2])
    left.close_on(day(2))
    left.save()
    Employee.all_rows.filter(pk=three[2].pk).update(dismissed_on=day(2))
    assert can_weigh_pool(company.head.user, company.clients, JANUARY)
    assert not can_weigh_pool(company.rival_head.user, company.clients, JANUARY)


def test_a_pool_by_role_is_found_and_a_scheme_in_person_takes_its_holder_out(company: PersonaCompany) -> None:
    manager, other = company.client_manager.employee, world.employee(company.clients, Role.CLIENT_MANAGER, start=day(1))
    assign_scheme(actor=None, scheme=world.scheme(POOL), role=Role.CLIENT_MANAGER, from_on=day(1))
    world.paid_by(world.scheme(Rate(As.ACCOUNT_MANAGER, rate=Decimal("0.1"))), other, start=day(1, 12))
    run_commissions(actor=None, as_of=day(1, 31))
    pool = department_pool(company.clients, JANUARY)
    assert {member.employee.pk: member.days for member in pool.members} == {manager.pk: 15, other.pk: 0}
    assert pools_to_divide(company.owner.user, JANUARY) == [company.clients]
