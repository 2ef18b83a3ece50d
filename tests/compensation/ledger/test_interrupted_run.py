"""Runs that fail, meet one another, or look back: no change is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from django.db import connection, connections

from compensation.engine.newness import NewUntil
from compensation.engine.terms import Basis, CreditRole, Newness, Rate
from compensation.ledger import commissions
from compensation.ledger.commissions import run_commissions
from compensation.ledger.sql import execute
from compensation.models import CreditLine, StaleMark, UncreditedPayment
from compensation.schemes.services import assign_scheme
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.checks import check_ledger
from tests.compensation.world import day

NEW = Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.NEW, Decimal("0.1"))
RESIDUAL = Rate(CreditRole.HUNTER, Basis.MARGIN, Newness.RESIDUAL, Decimal("0.02"))
TENTH = Rate(CreditRole.HUNTER, Basis.REVENUE, Newness.ANY, Decimal("0.1"))
FIFTH = Rate(CreditRole.HUNTER, Basis.REVENUE, Newness.ANY, Decimal("0.2"))
LOOKS = 2400


def standing(payee_id: int) -> dict[int, Decimal]:
    """Payment -> all that is posted to the payee about it."""
    found: dict[int, Decimal] = {}
    for line in CreditLine.all_rows.filter(payee_id=payee_id):
        found[line.payment_id] = found.get(line.payment_id, Decimal(0)) + line.amount
    return found


def elsewhere(deed: Callable[[], object]) -> None:
    """Do it on a connection of its own, committed."""

    def work() -> None:
        try:
            deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.django_db
def test_a_run_killed_before_its_first_month_does_not_forget_that_a_client_began_earlier(monkeypatch: Any) -> None:
    hunter = world.employee(world.department())
    world.paid_by(world.scheme(NEW, RESIDUAL, new_until=NewUntil.parse("first_month")), hunter)
    world.pay(world.contract(world.client(hunter), hunter), 1, day(1, 1))
    deal = world.contract(world.client(hunter), hunter)
    later = world.pay(deal, 100_000, day(3, 10))
    run_commissions(actor=None, as_of=day(3, 31))
    assert standing(hunter.pk)[later.pk] == Decimal("6000.00")
    world.pay(deal, 50_000, day(2, 20))

    class Killed(Exception):
        pass

    def die(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(commissions, "_post_month", die)
        with pytest.raises(Killed):
            run_commissions(actor=None, as_of=day(3, 31))
    run_commissions(actor=None, as_of=day(3, 31))

    assert standing(hunter.pk)[later.pk] == Decimal("1200.00")
    assert not StaleMark.all_rows.exists()
    check_ledger(Month(2026, 3))


@pytest.mark.django_db
def test_a_run_as_of_an_earlier_month_leaves_the_marks_that_concern_later_ones() -> None:
    one, two = world.employee(world.department()), world.employee(world.department())
    world.paid_by(world.scheme(TENTH), one, two)
    company, orphan = world.client(one), world.client()
    march = world.pay(world.contract(company, one), 100_000, day(3, 1))
    lost = world.pay(world.contract(orphan, one), 100, day(3, 2))
    world.pay(world.contract(company, one), 1000, day(1, 20))
    run_commissions(actor=None, as_of=day(3, 1))
    assert UncreditedPayment.all_rows.get().pk == lost.pk
    held = company.relationships.get()
    held.close_on(day(2, 10))
    held.save()
    world.hold(company, two, start=day(2, 10))
    world.hold(orphan, two, start=day(2, 10))

    run_commissions(actor=None, as_of=day(2, 28), key="asked")
    run_commissions(actor=None, as_of=day(3, 31))

    assert standing(one.pk)[march.pk] == 0
    assert standing(two.pk)[march.pk] == Decimal("10000.00")
    assert not UncreditedPayment.all_rows.exists()
    assert not StaleMark.all_rows.exists()
    check_ledger(Month(2026, 3))


@pytest.mark.django_db(transaction=True)
def test_a_scheme_given_while_a_run_prepares_is_computed_by_the_next(monkeypatch: Any) -> None:
    hunter = world.employee(world.department())
    second = world.scheme(FIFTH)
    world.paid_by(world.scheme(TENTH), hunter)
    paid = world.pay(world.contract(world.client(hunter), hunter), 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(2, 28))
    real = execute

    def meanwhile(name: str, *parameters: Any) -> int:
        done = real(name, *parameters)
        if name == "terms":
            elsewhere(lambda: assign_scheme(actor=None, scheme=second, employee=hunter, from_on=day(1, 10)))
        return done

    with monkeypatch.context() as patch:
        patch.setattr(commissions, "execute", meanwhile)
        run_commissions(actor=None, as_of=day(2, 28))
    assert StaleMark.all_rows.exists()
    run_commissions(actor=None, as_of=day(2, 28))

    assert standing(hunter.pk)[paid.pk] == Decimal("20000.00")
    check_ledger(Month(2026, 2))


def is_awaited() -> bool:
    """Whether another connection waits for an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_the_second_waits_and_its_terms_stand(monkeypatch: Any) -> None:
    hunter = world.employee(world.department())
    second = world.scheme(FIFTH)
    world.paid_by(world.scheme(TENTH), hunter)
    deal = world.contract(world.client(hunter), hunter)
    world.pay(deal, 1, day(1, 1))
    run_commissions(actor=None, as_of=day(2, 28))
    paid = world.pay(deal, 100_000, day(1, 20))
    real = commissions._post_month
    begun: list[Any] = []

    def other() -> None:
        try:
            assign_scheme(actor=None, scheme=second, employee=hunter, from_on=day(1, 10))
            run_commissions(actor=None, as_of=day(2, 28), key="other")
        finally:
            connections.close_all()

    def meanwhile(*parameters: Any) -> Any:
        if not begun:
            begun.append(pool.submit(other))
            pause = Event()
            assert any(is_awaited() or begun[0].done() or pause.wait(0.05) for _look in range(LOOKS))
            assert not begun[0].done(), "the second run did not wait"
        return real(*parameters)

    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as patch:
        patch.setattr(commissions, "_post_month", meanwhile)
        run_commissions(actor=None, as_of=day(2, 28), key="first")
        begun[0].result()

    assert standing(hunter.pk)[paid.pk] == Decimal("20000.00")
    assert not StaleMark.all_rows.exists()
    check_ledger(Month(2026, 2))
