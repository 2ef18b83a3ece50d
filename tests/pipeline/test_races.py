"""Two people do the same at the same moment: one does it, the other is told what to do. Real connections, real locks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import OperationalError, transaction

from pipeline.clients import relationships
from pipeline.clients.relationships import hand_over_company, reassign_clients_of
from pipeline.models import Call, Company, Contract, Deal, Relationship
from salesys.db import clock
from salesys.db.refusals import sqlstate
from tests.at_once import at_once, committed, posting, statuses
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import DealFactory
from tests.pipeline.money.conftest import client_of

__all__ = ["committed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_who_add_one_company_make_it_once(committed: PersonaCompany) -> None:
    sellers = (committed.seller, committed.second_seller, committed.rival_seller)
    body = {"name": "Harbour Cranes", "tax_id": "7701234567"}
    assert statuses(*[posting(seller, "/companies/new/", body) for seller in sellers]) == [302, 400, 400]
    assert Company.all_rows.count() == 1


def test_two_who_sign_with_one_number_sign_one_contract(committed: PersonaCompany) -> None:
    deeds = []
    for seller in (committed.seller, committed.second_seller):
        deal = DealFactory(company=client_of(seller, "Client", committed), seller=seller.employee, opened_on=date(2026, 1, 1))
        body = {"signed_on": clock.today().isoformat(), "amount": "10", "number": "N-1"}
        deeds.append(posting(seller, f"/contracts/sign/{deal.pk}/", body))
    assert statuses(*deeds) == [302, 400]
    assert Contract.all_rows.count() == 1
    assert Deal.all_rows.filter(status="won").count() == 1


def test_two_clicks_log_one_call(committed: PersonaCompany) -> None:
    path = f"/companies/{client_of(committed.seller, 'Client', committed).pk}/call/"
    once = committed.seller.client.get(path).context["form"]["once"].value()
    click = {"outcome": "refused", "once": once}
    assert statuses(posting(committed.seller, path, click), posting(committed.seller, path, click)) == [302, 302]
    assert Call.all_rows.count() == 1


def meeting_halfway(monkeypatch: pytest.MonkeyPatch, company: PersonaCompany, client: Company) -> list[str]:
    """How a hand-over and a reassignment end when each has its first lock before either takes its second one."""
    both_hold, lock = Barrier(2), relationships._lock

    def lock_and_wait(row: Company) -> None:
        lock(row)
        _wait(both_hold)

    def hand_over() -> str:
        with transaction.atomic():
            hand_over_company(
                actor=None, company=client, employee=company.second_seller.employee, kind="hunter", from_on=clock.today()
            )
        return "done"

    def reassign() -> str:
        with transaction.atomic():
            # The relationship before its company, as the statement alone takes them
            if relationships._lock_clients_of is _no_lock:
                list(Relationship.all_rows.select_for_update().filter(company=client))
            _wait(both_hold)
            reassign_clients_of(
                actor=None, employee=company.seller.employee, to=company.rival_seller.employee, from_on=clock.today()
            )
            Company.all_rows.select_for_update(of=("self",)).get(pk=client.pk)
        return "done"

    def told(deed: Callable[[], str]) -> Callable[[], str]:
        def run() -> str:
            try:
                return deed()
            except OperationalError as error:
                return sqlstate(error)

        return run

    monkeypatch.setattr(relationships, "_lock", lock_and_wait)
    return sorted(at_once(told(hand_over), told(reassign)))


def _wait(barrier: Barrier) -> None:
    barrier.wait(timeout=30)


def _no_lock(*_arguments: object) -> None:
    return None


def test_a_hand_over_and_a_reassignment_never_wait_for_each_other(
    committed: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = RelationshipFactory(employee=committed.seller.employee).company
    assert meeting_halfway(monkeypatch, committed, client) == ["done", "done"]
    held = Relationship.all_rows.get(company=client, kind="hunter", valid__contains=clock.today() + timedelta(days=1))
    assert held.employee in {committed.second_seller.employee, committed.rival_seller.employee}


def test_the_control_without_the_companies_lock_is_a_deadlock(committed: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    client = RelationshipFactory(employee=committed.seller.employee).company
    monkeypatch.setattr(relationships, "_lock_clients_of", _no_lock)
    assert meeting_halfway(monkeypatch, committed, client) == ["40P01", "done"]
