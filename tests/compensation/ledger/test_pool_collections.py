"""What counts towards a department's pool: refunds included, whatever has become of the scheme or of its members."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Assignment, Department, DepartmentKind, Employee
from accounts.roles import Role
from compensation.engine.terms import TeamPool
from compensation.ledger.commissions import run_commissions
from compensation.ledger.pools import department_pool
from compensation.ledger.services import accept_uncomputed_earning, approve_period
from compensation.models import CreditLine, EarningLine, PayPeriod, UncomputedEarning
from compensation.schemes.examples import create_example_schemes
from compensation.schemes.services import save_scheme_version
from salesys.kernel.errors import Conflict
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.checks import check_ledger
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

FEBRUARY = Month(2026, 2)
TENTH = TeamPool(Decimal("0.1"), Decimal(0))


def farmer(where: Department | None = None) -> Employee:
    return world.employee(where or world.department(kind=DepartmentKind.CLIENT), Role.CLIENT_MANAGER)


def by_payee() -> dict[int, Decimal]:
    return dict(EarningLine.all_rows.values_list("payee_id", "amount"))


def paid_back(manager: Employee, *, net: int = 300_000, again: int = 500_000) -> None:
    """A payment of January that is paid back in February, when the client pays a larger one."""
    deal = world.contract(world.client(manager=manager), manager)
    paid = world.pay(deal, net, day(1, 20))
    world.pay(deal, -net, day(2, 5), refund_of=paid)
    world.pay(deal, again, day(2, 6))


def amounts() -> list[tuple[object, Decimal]]:
    """Month and amount of every line that is earned on sums and stands."""
    found: dict[tuple[object, ...], EarningLine] = {}
    for line in EarningLine.all_rows.order_by("origin_on", "revision"):
        found[line.origin_on, line.payee_id, line.component_id, line.department_id] = line
    return [(line.origin_on, line.amount) for line in found.values() if line.revision % 2]


def test_a_refund_is_taken_from_the_pool_after_a_new_version_of_the_scheme() -> None:
    anna = farmer()
    scheme = world.scheme(TENTH)
    world.paid_by(scheme, anna)
    save_scheme_version(actor=None, scheme=scheme, terms=world.terms_of([TeamPool(Decimal("0.2"), Decimal(1))]), from_on=day(2))
    paid_back(anna)

    run_commissions(actor=None, as_of=day(2, 28))

    assert amounts() == [(day(1), Decimal("30000.00")), (day(2), Decimal("39999.80"))]
    shown = department_pool(anna.assignments.get().department, FEBRUARY)
    assert (shown.collections, shown.divided) == (Decimal("200000.00"), Decimal("39999.80"))
    assert not UncomputedEarning.all_rows.exists()
    check_ledger(FEBRUARY)


def test_a_refund_of_a_scheme_that_was_replaced_is_listed_and_waits_for_a_decision(company: PersonaCompany) -> None:
    anna = farmer()
    world.paid_by(world.scheme(TENTH), anna, end=day(2))
    second = world.scheme(TENTH)
    world.paid_by(second, anna, start=day(2))
    paid_back(anna)

    run_commissions(actor=None, as_of=day(2, 28))

    assert amounts() == [(day(1), Decimal("30000.00")), (day(2), Decimal("50000.00"))]
    lost = UncomputedEarning.all_rows.get()
    assert (lost.payee_id, lost.month_on, lost.problem, lost.detail) == (anna.pk, day(2), "no_pool", "collections -300000")
    approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(1)))
    with pytest.raises(Conflict) as error:
        approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(2)))
    assert [issue.code for issue in error.value.issues] == ["uncomputed_earnings"]
    accept_uncomputed_earning(actor=company.owner.user, uncomputed=lost, note="Taken from the March pool by hand")
    run_commissions(actor=None, as_of=day(2, 28))
    assert UncomputedEarning.all_rows.get().accepted_by == company.owner.user
    approve_period(actor=None, period=PayPeriod.all_rows.get(month_on=day(2)))
    check_ledger(FEBRUARY)


def test_a_refund_of_a_department_that_everybody_has_left_is_listed_until_somebody_stands_there() -> None:
    left, other = world.department(kind=DepartmentKind.CLIENT), world.department(kind=DepartmentKind.CLIENT)
    anna, boris = farmer(left), farmer(other)
    place = Assignment.all_rows.get(employee=anna)
    place.close_on(day(2))
    place.save()
    Assignment.all_rows.create(employee=anna, department=other, role=Role.CLIENT_MANAGER, valid=(day(2), None))
    scheme = world.scheme(TENTH)
    world.paid_by(scheme, anna, boris)
    paid_back(anna)

    run_commissions(actor=None, as_of=day(2, 28))

    assert amounts() == [(day(1), Decimal("30000.00")), (day(1), Decimal("0.00")), *[(day(2), Decimal("25000.00"))] * 2]
    assert UncomputedEarning.all_rows.get().detail == "collections -300000"
    check_ledger(FEBRUARY)
    newcomer = world.employee(left, Role.CLIENT_MANAGER, start=day(2))
    world.paid_by(scheme, newcomer, start=day(2))
    run_commissions(actor=None, as_of=day(2, 28))
    assert not UncomputedEarning.all_rows.exists()
    assert EarningLine.all_rows.get(payee=newcomer).trace["inputs"]["collections"] == "-300000"
    check_ledger(FEBRUARY)


def test_a_vip_department_has_a_pool_of_what_its_vip_managers_clients_pay() -> None:
    create_example_schemes(actor=None, from_on=day(1), breakeven=Decimal(400_000))
    anna = world.employee(world.department(kind=DepartmentKind.VIP), Role.VIP_MANAGER)
    company = world.client()
    world.hold(company, anna, kind="vip")
    paid = world.pay(world.contract(company, anna), 1_000_000, day(1, 20))

    run_commissions(actor=None, as_of=day(1, 31))

    pool = EarningLine.all_rows.get(component__kind="team_pool")
    assert (pool.amount, pool.trace["inputs"]["collections"]) == (Decimal("18000.00"), "1000000")
    assert CreditLine.all_rows.get().payment_id == paid.pk
    check_ledger(Month(2026, 1))


def test_a_client_with_both_managers_counts_once_by_its_account_manager() -> None:
    """Whether one person is both, or two of a department are, or the other stands in another department by the same scheme."""
    one, two = world.department(kind=DepartmentKind.CLIENT), world.department(kind=DepartmentKind.VIP)
    anna, boris, vera = farmer(one), farmer(one), world.employee(two, Role.VIP_MANAGER)
    scheme = world.scheme(TENTH)
    world.paid_by(scheme, anna, boris, vera)
    for vip in (anna, boris, vera):
        company = world.client(manager=anna)
        world.hold(company, vip, kind="vip")
        world.pay(world.contract(company, anna), 100_000, day(1, 20))

    run_commissions(actor=None, as_of=day(1, 31))

    assert list(CreditLine.all_rows.values_list("payee_id", "department_id")) == [(anna.pk, one.pk)] * 3
    assert by_payee() == {anna.pk: Decimal("15000.00"), boris.pk: Decimal("15000.00"), vera.pk: Decimal("0.00")}
    check_ledger(Month(2026, 1))


def test_a_vip_manager_counts_from_the_day_on_which_the_account_manager_goes() -> None:
    one, two = world.department(kind=DepartmentKind.CLIENT), world.department(kind=DepartmentKind.VIP)
    anna, vera = farmer(one), world.employee(two, Role.VIP_MANAGER)
    world.paid_by(world.scheme(TENTH), anna, vera)
    company = world.client(manager=anna)
    world.hold(company, vera, kind="vip")
    deal = world.contract(company, anna)
    world.pay(deal, 100_000, day(1, 19))
    world.pay(deal, 200_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    assert by_payee() == {anna.pk: Decimal("30000.00"), vera.pk: Decimal("0.00")}

    place = Assignment.all_rows.get(employee=anna)
    place.close_on(day(1, 20))
    place.save()
    run_commissions(actor=None, as_of=day(1, 31))

    assert amounts() == [(day(1), Decimal("10000.00")), (day(1), Decimal("20000.00"))]
    check_ledger(Month(2026, 1))
