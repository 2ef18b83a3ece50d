"""A component that cannot be computed is an issue of its payee: nobody else's pay waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent, Employee
from compensation.engine.terms import Basis, CreditRole, PlanBonus, Rate, Salary, TeamPool, Tier
from compensation.ledger.commissions import run_commissions
from compensation.ledger.services import (
    accept_uncomputed_earning,
    approve_period,
    close_period,
    settle_past_periods,
)
from compensation.models import Component, CreditLine, EarningLine, PayPeriod, Scheme, StaleMark, UncomputedEarning
from compensation.models import Tier as TierRow
from pipeline.models import Contract
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

TIERS = (Tier(Decimal(0), Decimal(100_000), Decimal("0.05")), Tier(Decimal(100_000), None, Decimal("0.1")))
STEPS = (
    Tier(Decimal(0), Decimal("0.8"), Decimal(0)),
    Tier(Decimal("0.8"), Decimal(1), Decimal(7500)),
    Tier(Decimal(1), None, Decimal(15_000)),
)
TIERED = Rate(CreditRole.HUNTER, basis=Basis.REVENUE, rate=Decimal("0.1"), tiers=TIERS)
FLAT = Rate(CreditRole.HUNTER, basis=Basis.REVENUE, rate=Decimal("0.1"))
Row = tuple[int, str, Decimal]


@dataclass(frozen=True, slots=True)
class Payroll:
    """Two hunters by different schemes, and a department with a pool."""

    broken: Employee
    sound: Employee
    manager: Employee
    scheme: Scheme
    contracts: dict[Employee, Contract]

    def pay(self, amount: int, *, month: int = 1) -> None:
        """The same payment to everybody's client."""
        for under in self.contracts.values():
            world.pay(under, amount, day(month, 20))


@pytest.fixture
def payroll(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> Payroll:
    """January is computed, everybody's terms being sound."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 10, 9, tzinfo=UTC))
    broken, sound, manager = company.seller.employee, company.second_seller.employee, company.client_manager.employee
    scheme = world.scheme(Salary(Decimal(60_000)), TIERED, PlanBonus(STEPS))
    world.paid_by(scheme, broken)
    world.paid_by(world.scheme(Salary(Decimal(50_000)), TIERED, FLAT), sound)
    world.paid_by(world.scheme(Salary(Decimal(40_000)), TeamPool(Decimal("0.1"), Decimal(0))), manager)
    contracts = {
        broken: world.contract(world.client(broken), broken),
        sound: world.contract(world.client(sound), sound),
        manager: world.contract(world.client(manager=manager), manager),
    }
    made = Payroll(broken, sound, manager, scheme, contracts)
    made.pay(80_000)
    run_commissions(actor=None, as_of=day(1, 31))
    return made


def part(scheme: Scheme, code: str) -> Component:
    return Component.all_rows.get(version__scheme=scheme, code=code)


def damage(component: Component, positions: Iterable[int]) -> list[TierRow]:
    """Take tiers away behind the back of every guard; what was there."""
    gone = list(TierRow.all_rows.filter(component=component, position__in=positions))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        TierRow.all_rows.filter(pk__in=[row.pk for row in gone]).delete()
        cursor.execute("SET session_replication_role = DEFAULT")
    return gone


def earned(month: date, *people: Employee) -> list[Row]:
    """Lines that stand: payee, component, amount."""
    last: dict[tuple[int, int], EarningLine] = {}
    codes = dict(Component.all_rows.values_list("pk", "code"))
    for line in EarningLine.all_rows.filter(origin_on=month, payee__in=people).order_by("revision"):
        last[line.payee_id, line.component_id] = line
    return sorted((line.payee_id, codes[line.component_id], line.amount) for line in last.values() if line.revision % 2)


def issues() -> list[tuple[int, str, date, str, str]]:
    rows = UncomputedEarning.all_rows.select_related("component")
    return [(row.payee_id, row.component.code, row.month_on, row.problem, row.detail) for row in rows]


def period(month: int = 1) -> PayPeriod:
    return PayPeriod.all_rows.get(month_on=day(month))


def test_a_component_without_its_tiers_stays_as_posted_and_everybody_else_is_paid(payroll: Payroll) -> None:
    broken, sound, manager = payroll.broken, payroll.sound, payroll.manager
    gone = damage(part(payroll.scheme, "part_1"), (0, 1))
    payroll.pay(40_000)

    run_commissions(actor=None, as_of=day(1, 31))

    assert issues() == [(broken.pk, "part_1", day(1), "no_tiers", "part_1.tiers")]
    assert earned(day(1), broken) == [
        (broken.pk, "part_0", Decimal("60000.00")),
        (broken.pk, "part_1", Decimal("4000.00")),
        (broken.pk, "part_2", Decimal("0.00")),
    ]
    assert earned(day(1), sound, manager) == sorted(
        [
            (sound.pk, "part_0", Decimal("50000.00")),
            (sound.pk, "part_1", Decimal("7000.00")),
            (manager.pk, "part_0", Decimal("40000.00")),
            (manager.pk, "part_1", Decimal("12000.00")),
        ]
    )
    again = run_commissions(actor=None, as_of=day(1, 31))
    assert again is not None
    assert again.lines == 0

    run_commissions(actor=None, as_of=day(1, 31), full=True)
    assert [line.amount for line in EarningLine.all_rows.filter(payee=broken, component__code="part_1")] == [Decimal("4000.00")]
    assert set(CreditLine.all_rows.filter(payee=broken).values_list("amount", flat=True)) == {Decimal("0.00")}

    TierRow.all_rows.bulk_create(gone)
    run_commissions(actor=None, as_of=day(1, 31), full=True)
    assert issues() == []
    assert earned(day(1), broken)[1] == (broken.pk, "part_1", Decimal("7000.00"))


def test_a_gap_in_the_steps_is_named_with_its_place(payroll: Payroll) -> None:
    damage(part(payroll.scheme, "part_2"), (1,))
    run_commissions(actor=None, as_of=day(1, 31))
    assert issues() == [
        (payroll.broken.pk, "part_2", day(1), "tiers_not_contiguous", "part_2.steps[1].lower 1.000000"),
    ]
    assert (payroll.broken.pk, "part_2", Decimal("0.00")) in earned(day(1), payroll.broken)


def test_a_payee_of_other_terms_has_no_issue_and_loses_what_no_longer_holds(payroll: Payroll) -> None:
    damage(part(payroll.scheme, "part_1"), (0, 1))
    other = world.scheme(Salary(Decimal(60_000)), FLAT)
    payroll.broken.scheme_assignments.all().delete()
    world.paid_by(other, payroll.broken)
    run_commissions(actor=None, as_of=day(1, 31))
    assert issues() == []
    assert earned(day(1), payroll.broken) == [(payroll.broken.pk, "part_0", Decimal("60000.00"))]


def test_it_blocks_approval_until_somebody_who_decides_accepts_it_with_a_reason(
    company: PersonaCompany, payroll: Payroll
) -> None:
    damage(part(payroll.scheme, "part_1"), (0, 1))
    run_commissions(actor=None, as_of=day(3, 10))
    with pytest.raises(Conflict) as error:
        approve_period(actor=company.owner.user, period=period())
    assert [(issue.code, issue.value) for issue in error.value.issues] == [("uncomputed_earnings", "1")]
    assert settle_past_periods(author=None, approver=None, before=day(3)) == []
    assert (period().status, period(2).status) == ("calculated", "calculated")

    row = UncomputedEarning.all_rows.get()
    with pytest.raises(InvalidInput):
        accept_uncomputed_earning(actor=company.owner.user, uncomputed=row, note=" ")
    with pytest.raises(NotAllowed):
        accept_uncomputed_earning(actor=company.accountant.user, uncomputed=row, note="Paid by hand")
    row.refresh_from_db()
    assert (row.accepted_by, row.accepted_note) == (None, "")

    accept_uncomputed_earning(actor=company.owner.user, uncomputed=row, note=" Paid by hand ")
    event = AuditEvent.all_rows.get(action="uncomputed_earning.accepted")
    assert event.changes["note"] == [None, "Paid by hand"]
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=company.owner.user, period=period())
    close_period(actor=company.accountant.user, period=period())
    assert period().status == "closed"


def test_another_problem_is_accepted_anew_and_a_mended_one_cannot_be(company: PersonaCompany, payroll: Payroll) -> None:
    component = part(payroll.scheme, "part_1")
    gone = damage(component, (0,))
    run_commissions(actor=None, as_of=day(1, 31))
    row = UncomputedEarning.all_rows.get()
    assert row.problem == "tiers_not_from_zero"
    accept_uncomputed_earning(actor=company.owner.user, uncomputed=row, note="Paid by hand")
    gone += damage(component, (1,))
    run_commissions(actor=None, as_of=day(1, 31))
    row.refresh_from_db()
    assert (row.problem, row.accepted_by, row.accepted_note) == ("no_tiers", None, "")
    TierRow.all_rows.bulk_create(gone)
    run_commissions(actor=None, as_of=day(1, 31))
    with pytest.raises(Conflict):
        accept_uncomputed_earning(actor=company.owner.user, uncomputed=row, note="Paid by hand")
    assert not UncomputedEarning.all_rows.exists()


def test_a_sealed_month_is_tried_again_by_each_run_and_paid_in_the_open_one(company: PersonaCompany, payroll: Payroll) -> None:
    approve_period(actor=company.owner.user, period=period())
    gone = damage(part(payroll.scheme, "part_1"), (0, 1))
    payroll.pay(40_000)
    for _night in range(2):
        run_commissions(actor=None, as_of=day(2, 28))
        assert issues() == [(payroll.broken.pk, "part_1", day(1), "no_tiers", "part_1.tiers")]
        assert StaleMark.all_rows.filter(kind="earnings", from_on=day(1)).count() == 1
    with pytest.raises(Conflict) as error:
        approve_period(actor=company.owner.user, period=period(2))
    assert error.value.issues[0].code == "uncomputed_earnings"
    TierRow.all_rows.bulk_create(gone)
    run_commissions(actor=None, as_of=day(2, 28))
    late = EarningLine.all_rows.filter(payee=payroll.broken, period_on=day(2), origin_on=day(1), component__code="part_1")
    assert [line.amount for line in late.order_by("revision")] == [Decimal("-4000.00"), Decimal("7000.00")]
    assert not UncomputedEarning.all_rows.exists()
    approve_period(actor=company.owner.user, period=period(2))


def test_the_database_refuses_terms_that_the_engine_cannot_read(payroll: Payroll) -> None:
    version = payroll.scheme.versions.get()
    for field in ("credit_role", "basis", "newness", "tier_on", "tier_mode", "step_unit"):
        values = {"credit_role": "hunter", "basis": "margin", "newness": "any", "rate": Decimal("0.1")} | {field: "odd"}
        with pytest.raises(IntegrityError, match="component_choices_are_known"), transaction.atomic():
            Component.all_rows.create(version=version, position=9, code="odd", name="Odd", kind="rate", **values)
    assert not Component.all_rows.filter(code="odd").exists()
