from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError

from compensation.engine.terms import CreditRole, Rate, Salary, TeamPool
from compensation.ledger.commissions import run_commissions
from compensation.ledger.credits import JOB
from compensation.ledger.services import (
    accept_uncredited_payment,
    approve_period,
    close_period,
    reopen_period,
    request_commissions,
    set_pool_weights,
    settle_past_periods,
)
from compensation.ledger.tasks import compute_commissions, lost_runs, run_nightly_commissions
from compensation.models import CreditLine, EarningLine, PayPeriod, PoolWeight, UncreditedPayment
from salesys.db import clock
from salesys.db.runs import Run
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

RATE = Rate(CreditRole.HUNTER, rate=Decimal("0.1"))
JANUARY = Month(2026, 1)


@pytest.fixture
def earned(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> PersonaCompany:
    """In March the seller has earned from a payment of January; nothing is computed yet."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 10, 9, tzinfo=UTC))
    seller = company.seller.employee
    world.paid_by(world.scheme(Salary(Decimal(60_000)), RATE), seller)
    world.pay(world.contract(world.client(seller), seller), 100_000, day(1, 20))
    return company


def period(month: int = 1) -> PayPeriod:
    row: PayPeriod = PayPeriod.all_rows.get(month_on=day(month))
    return row


def test_a_period_goes_from_calculated_over_approved_to_closed(earned: PersonaCompany) -> None:
    run_commissions(actor=earned.accountant.user, as_of=day(3, 10))
    assert (period().status, period().calculated_by) == ("calculated", earned.accountant.user)
    approve_period(actor=earned.director.user, period=period())
    assert (period().status, period().approved_by) == ("approved", earned.director.user)
    close_period(actor=earned.accountant.user, period=period())
    assert (period().status, period().closed_by) == ("closed", earned.accountant.user)


def test_the_approver_is_not_the_author(earned: PersonaCompany) -> None:
    run_commissions(actor=earned.director.user, as_of=day(3, 10))
    with pytest.raises(NotAllowed):
        approve_period(actor=earned.director.user, period=period())
    assert period().status == "calculated"
    approve_period(actor=earned.owner.user, period=period())
    assert period().status == "approved"


@pytest.mark.parametrize("persona", ["accountant", "head", "seller", "administrator"])
def test_only_deciders_approve(earned: PersonaCompany, persona: str) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    with pytest.raises(NotAllowed):
        approve_period(actor=getattr(earned, persona).user, period=period())
    assert period().status == "calculated"


def test_an_open_period_cannot_be_approved_nor_a_calculated_one_closed(earned: PersonaCompany) -> None:
    row = PayPeriod.all_rows.create(month_on=day(1))
    with pytest.raises(Conflict):
        approve_period(actor=earned.owner.user, period=row)
    run_commissions(actor=None, as_of=day(3, 10))
    with pytest.raises(Conflict):
        close_period(actor=earned.accountant.user, period=period())
    assert period().status == "calculated"


def test_a_month_that_is_not_over_cannot_be_approved(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    with pytest.raises(Conflict) as error:
        approve_period(actor=earned.owner.user, period=period(3))
    assert [(issue.code, issue.value) for issue in error.value.issues] == [("month_not_over", "March\u00a02026")]
    assert period(3).status == "calculated"


def test_a_month_behind_an_open_one_cannot_be_closed(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=earned.owner.user, period=period(2))
    with pytest.raises(Conflict) as error:
        close_period(actor=earned.accountant.user, period=period(2))
    assert [issue.code for issue in error.value.issues] == ["earlier_not_closed"]
    assert period(2).status == "approved"


def test_uncredited_payments_block_closing_until_accepted_with_a_reason(earned: PersonaCompany) -> None:
    lost = world.pay(world.contract(world.client(), earned.seller.employee), 1000, day(1, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=earned.owner.user, period=period())
    with pytest.raises(Conflict) as error:
        close_period(actor=earned.accountant.user, period=period())
    assert [(issue.code, issue.value) for issue in error.value.issues] == [("uncredited_payments", "1")]
    row = UncreditedPayment.all_rows.get(pk=lost.pk)
    with pytest.raises(InvalidInput):
        accept_uncredited_payment(actor=earned.owner.user, uncredited=row, note=" ")
    with pytest.raises(NotAllowed):
        accept_uncredited_payment(actor=earned.accountant.user, uncredited=row, note="House account")
    assert UncreditedPayment.all_rows.get(pk=lost.pk).accepted_by is None
    accept_uncredited_payment(actor=earned.owner.user, uncredited=row, note="House account")
    close_period(actor=earned.accountant.user, period=period())
    assert period().status == "closed"


def test_who_accepted_one_reason_has_not_accepted_another(earned: PersonaCompany) -> None:
    orphan = world.client()
    world.pay(world.contract(orphan, earned.seller.employee), 1000, day(1, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    accept_uncredited_payment(actor=earned.owner.user, uncredited=UncreditedPayment.all_rows.get(), note="House account")
    run_commissions(actor=None, as_of=day(3, 10), full=True)
    assert UncreditedPayment.all_rows.get().accepted_by == earned.owner.user

    world.hold(orphan, world.employee(world.department()))
    run_commissions(actor=None, as_of=day(3, 10))

    row = UncreditedPayment.all_rows.get()
    assert (row.reason, row.accepted_by, row.accepted_note) == ("no_scheme", None, "")
    approve_period(actor=earned.owner.user, period=period())
    with pytest.raises(Conflict) as error:
        close_period(actor=earned.accountant.user, period=period())
    assert [issue.code for issue in error.value.issues] == ["uncredited_payments"]


def codes(error: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [issue.code for issue in error.value.issues]


def test_nothing_is_approved_or_closed_that_no_run_has_seen(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    orphan = world.contract(world.client(), earned.seller.employee)
    world.pay(orphan, 1_000_000, day(1, 6))
    with pytest.raises(Conflict) as error:
        approve_period(actor=earned.owner.user, period=period())
    assert codes(error) == ["not_computed_yet"]
    assert period().status == "calculated"
    page = earned.owner.client.get(reverse("compensation:period", args=[period().pk])).content.decode()
    assert "Run the commissions first." in page
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=earned.owner.user, period=period())

    accept_uncredited_payment(actor=earned.owner.user, uncredited=UncreditedPayment.all_rows.get(), note="House account")
    world.pay(orphan, 500, day(1, 7))
    with pytest.raises(Conflict) as error:
        close_period(actor=earned.accountant.user, period=period())
    assert codes(error) == ["not_computed_yet"]
    assert period().status == "approved"
    run_commissions(actor=None, as_of=day(3, 10))
    with pytest.raises(Conflict) as error:
        close_period(actor=earned.accountant.user, period=period())
    assert codes(error) == ["uncredited_payments"]


def test_parts_set_after_the_last_run_are_computed_before_they_are_approved(company: PersonaCompany) -> None:
    manager, other = company.client_manager.employee, world.employee(company.clients, start=day(1))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), manager, other)
    world.pay(world.contract(world.client(manager=manager), manager), 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(2, 10))
    weights = {manager: Decimal("0.9"), other: Decimal("0.1")}
    set_pool_weights(actor=company.owner.user, department=company.clients, month=JANUARY, weights=weights)
    with pytest.raises(Conflict) as error:
        approve_period(actor=company.owner.user, period=period())
    assert codes(error) == ["not_computed_yet"]
    run_commissions(actor=None, as_of=day(2, 10))
    approve_period(actor=company.owner.user, period=period())
    assert period().status == "approved"


def test_the_days_work_does_not_keep_an_earlier_month_from_being_approved(earned: PersonaCompany) -> None:
    """A deal won of a client that has paid nothing, money of this month, a client handed over today, a contract changed."""
    run_commissions(actor=None, as_of=day(3, 10))
    seller = earned.seller.employee
    fresh = world.contract(world.client(seller, start=day(3, 9)), seller, signed_on=day(3, 9))
    fresh.direct_cost = Decimal(5)
    fresh.save()
    world.pay(fresh, 100, day(3, 10))
    approve_period(actor=earned.owner.user, period=period())
    assert period().status == "approved"


def test_an_approval_can_be_taken_back_with_a_reason_and_lines_are_posted_again(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=earned.owner.user, period=period())
    with pytest.raises(InvalidInput):
        reopen_period(actor=earned.owner.user, period=period(), reason="")
    with pytest.raises(NotAllowed):
        reopen_period(actor=earned.accountant.user, period=period(), reason="Mistake")
    assert period().status == "approved"
    reopen_period(actor=earned.owner.user, period=period(), reason="A payment was missing")
    seller = earned.seller.employee
    world.pay(world.contract(world.client(seller), seller), 1000, day(1, 30))
    run_commissions(actor=None, as_of=day(3, 10))
    assert CreditLine.all_rows.filter(period_on=day(1), origin_on=day(1)).count() == 2


def test_a_closed_period_never_changes(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    settle_past_periods(author=earned.accountant.user, approver=earned.owner.user, before=day(2))
    for change in ({"status": "open"}, {"month_on": day(2)}):
        with pytest.raises(DatabaseError, match="closed and never changes"), transaction.atomic():
            PayPeriod.all_rows.filter(pk=period().pk).update(**change)
    with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
        PayPeriod.all_rows.filter(pk=period().pk).delete()
    assert period().status == "closed"


REFUSED = [
    "UPDATE compensation_creditline SET amount = 0",
    "DELETE FROM compensation_creditline",
    "TRUNCATE compensation_creditline",
    "UPDATE compensation_creditline_y2026m01 SET amount = 0",
    "DELETE FROM compensation_earningline_y2026m01",
    "TRUNCATE compensation_creditline_y2026m01",
    "UPDATE compensation_earningline SET amount = 0",
    "DELETE FROM compensation_component",
    "UPDATE compensation_tier SET value = 1",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_what_is_posted_or_promised(earned: PersonaCompany, statement: str) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    before = list(CreditLine.all_rows.values_list("amount", flat=True))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(CreditLine.all_rows.values_list("amount", flat=True)) == before


def test_the_database_refuses_lines_in_an_approved_month(earned: PersonaCompany) -> None:
    run_commissions(actor=None, as_of=day(3, 10))
    approve_period(actor=earned.owner.user, period=period())
    row = EarningLine.all_rows.filter(period_on=day(1)).first()
    assert row is not None
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        EarningLine.all_rows.create(
            payee_id=row.payee_id,
            component_id=row.component_id,
            run_id=row.run_id,
            period_on=day(1),
            origin_on=day(1),
            revision=9,
            amount=1,
            trace={},
        )
    assert EarningLine.all_rows.filter(period_on=day(1)).count() == 1


def test_a_history_is_settled_at_once_up_to_the_first_obstacle(earned: PersonaCompany) -> None:
    world.pay(world.contract(world.client(), earned.seller.employee), 1000, day(2, 5))
    run_commissions(actor=None, as_of=day(3, 10))
    closed = settle_past_periods(author=None, approver=None, before=day(3, 10))
    assert closed == [JANUARY]
    assert [row.status for row in PayPeriod.all_rows.order_by("month_on")] == ["closed", "calculated", "calculated"]


def test_a_run_that_was_asked_for_starts_after_commit_and_names_its_author(
    earned: PersonaCompany, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(compute_commissions, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        run = request_commissions(actor=earned.accountant.user)
        assert sent == []
    assert sent == [run.pk]
    compute_commissions(run.pk)
    compute_commissions(run.pk)
    compute_commissions(0)
    run.refresh_from_db()
    assert (run.status, run.attempts, run.rows_done, run.rows_total) == ("done", 1, 3, 3)
    assert run.result["credit_lines"] == 1
    assert period().calculated_by == earned.accountant.user


def test_a_run_that_the_broker_could_not_take_waits_and_is_sent_later(
    earned: PersonaCompany, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run_id: int) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(compute_commissions, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        run = request_commissions(actor=earned.accountant.user)
    assert (len(callbacks), run.status) == (1, "waiting")
    Run.all_rows.update(requested_at=datetime(2026, 3, 10, 8, tzinfo=UTC))
    assert run.pk in lost_runs()


@pytest.mark.parametrize("persona", ["head", "seller", "administrator"])
def test_only_payroll_asks_for_a_run(earned: PersonaCompany, persona: str) -> None:
    with pytest.raises(NotAllowed):
        request_commissions(actor=getattr(earned, persona).user)
    assert not Run.all_rows.filter(job=JOB).exists()


def test_the_nightly_run_is_done_once_a_day_and_restores_what_the_broker_lost(
    earned: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(compute_commissions, "delay", sent.append)
    lost = request_commissions(actor=earned.accountant.user)
    assert lost_runs() == []
    Run.all_rows.filter(pk=lost.pk).update(requested_at=datetime(2026, 3, 10, 8, tzinfo=UTC))
    run_nightly_commissions()
    run_nightly_commissions("2026-03-10")
    run = Run.all_rows.get(job=JOB, key="nightly")
    assert (str(run.business_date), run.attempts) == ("2026-03-10", 1)
    assert sent == [lost.pk, lost.pk]


def test_the_head_divides_the_pool_by_weights_that_add_up_to_one(company: PersonaCompany) -> None:
    manager = company.client_manager.employee
    other = world.employee(company.clients, start=day(1))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), manager, other)
    world.pay(world.contract(world.client(manager=manager), manager), 100_000, day(1, 20))
    owner = company.owner.user
    set_pool_weights(
        actor=owner, department=company.clients, month=JANUARY, weights={manager: Decimal("0.75"), other: Decimal("0.25")}
    )
    run_commissions(actor=None, as_of=day(1, 31))
    assert dict(EarningLine.all_rows.values_list("payee_id", "amount")) == {
        manager.pk: Decimal("7500.00"),
        other.pk: Decimal("2500.00"),
    }
    for weights in ({manager: Decimal("0.75")}, {manager: Decimal("1.25"), other: Decimal("-0.25")}):
        with pytest.raises(InvalidInput):
            set_pool_weights(actor=owner, department=company.clients, month=JANUARY, weights=weights)
    with pytest.raises(NotAllowed):
        set_pool_weights(actor=company.seller.user, department=company.clients, month=JANUARY, weights={})
    assert PoolWeight.all_rows.count() == 2
    set_pool_weights(actor=owner, department=company.clients, month=JANUARY, weights={})
    assert not PoolWeight.all_rows.exists()
    PayPeriod.all_rows.update(status="approved")
    with pytest.raises(Conflict):
        set_pool_weights(actor=owner, department=company.clients, month=JANUARY, weights={})
