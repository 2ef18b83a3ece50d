"""Open deals go where their client goes, on the day on which it goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import AuditEvent
from pipeline.clients.services import hand_over_company, reassign_clients_of
from pipeline.deals.following import follow_clients
from pipeline.deals.tasks import follow_handed_over_clients
from pipeline.models import Company, Deal
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, DealFactory, freeze

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


@pytest.fixture
def client(company: PersonaCompany) -> Company:
    held: Company = RelationshipFactory(employee=company.seller.employee).company
    return held


def deal_of(client: Company, company: PersonaCompany, **more: object) -> Deal:
    made: Deal = DealFactory(**{"company": client, "seller": company.seller.employee, "opened_on": TUESDAY - WEEK, **more})
    return made


def seller_of(deal: Deal) -> str:
    return str(Deal.all_rows.select_related("seller").get(pk=deal.pk).seller)


def test_a_deal_goes_with_its_client_and_takes_the_sight_of_it_along(company: PersonaCompany, client: Company) -> None:
    deal = deal_of(client, company)
    hand_over_company(
        actor=company.head.user, company=client, employee=company.second_seller.employee, kind="hunter", from_on=TUESDAY
    )
    assert seller_of(deal) == "Sofia Stern"
    assert not Company.objects.visible_to(company.seller.user).exists()
    event = AuditEvent.all_rows.get(action="deal.given")
    assert event.object_id == deal.pk
    assert event.changes == {"seller": [company.seller.employee.pk, company.second_seller.employee.pk]}


def give_to_second(company: PersonaCompany, client: Company, from_on: date = TUESDAY, *, by: str = "head") -> None:
    actor = getattr(company, by).user
    hand_over_company(actor=actor, company=client, employee=company.second_seller.employee, kind="hunter", from_on=from_on)


def test_closed_deals_and_those_begun_after_it_stay(company: PersonaCompany, client: Company) -> None:
    lost = deal_of(client, company, status="lost", closed_on=TUESDAY)
    other = deal_of(client, company, seller=company.rival_seller.employee)
    give_to_second(company, client)
    later = deal_of(client, company, opened_on=TUESDAY)
    assert follow_clients() == 0
    assert [seller_of(deal) for deal in (lost, later, other)] == ["Sergei Sokolov", "Sergei Sokolov", "Rita Rossi"]


def test_a_deal_of_the_very_day_is_no_way_to_keep_the_client(company: PersonaCompany, client: Company) -> None:
    deal = deal_of(client, company, opened_on=TUESDAY)
    give_to_second(company, client)
    assert seller_of(deal) == "Sofia Stern"
    assert not Company.objects.visible_to(company.seller.user).exists()


def test_a_client_of_the_very_day_takes_its_deals_along(company: PersonaCompany) -> None:
    client: Company = RelationshipFactory(employee=company.seller.employee, valid=DateRange(TUESDAY, None)).company
    deal = deal_of(client, company, opened_on=TUESDAY)
    give_to_second(company, client)
    assert seller_of(deal) == "Sofia Stern"
    assert not Company.objects.visible_to(company.seller.user).exists()


def test_a_hand_over_dated_back_takes_what_was_begun_since_along(company: PersonaCompany, client: Company) -> None:
    deal = deal_of(client, company, opened_on=TUESDAY - timedelta(days=2))
    give_to_second(company, client, TUESDAY - WEEK, by="director")
    assert seller_of(deal) == "Sofia Stern"
    assert not Company.objects.visible_to(company.seller.user).exists()


def test_all_clients_of_a_person_take_the_deals_of_the_day_along(company: PersonaCompany, client: Company) -> None:
    deal = deal_of(client, company, opened_on=TUESDAY)
    reassign_clients_of(
        actor=company.head.user, employee=company.seller.employee, to=company.second_seller.employee, from_on=TUESDAY
    )
    assert seller_of(deal) == "Sofia Stern"


def test_a_list_s_deal_with_another_client_stays_when_one_is_handed_over(company: PersonaCompany, client: Company) -> None:
    mine = deal_of(RelationshipFactory(employee=company.rival_seller.employee).company, company, opened_on=TUESDAY)
    give_to_second(company, client)
    assert seller_of(mine) == "Sergei Sokolov"


def test_a_hunter_keeps_the_deals_when_the_client_department_takes_over(company: PersonaCompany, client: Company) -> None:
    deal = deal_of(client, company)
    hand_over_company(
        actor=company.head.user, company=client, employee=company.client_manager.employee, kind="account_manager", from_on=TUESDAY
    )
    assert seller_of(deal) == "Sergei Sokolov"


def test_who_still_holds_the_client_in_another_way_keeps_the_deals(company: PersonaCompany, client: Company) -> None:
    RelationshipFactory(company=client, employee=company.seller.employee, kind="account_manager")
    deal = deal_of(client, company)
    hand_over_company(
        actor=company.head.user, company=client, employee=company.second_seller.employee, kind="hunter", from_on=TUESDAY
    )
    assert seller_of(deal) == "Sergei Sokolov"


def test_a_hand_over_dated_ahead_moves_them_on_its_day(
    company: PersonaCompany, client: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deal_of(client, company)
    reassign_clients_of(
        actor=company.head.user, employee=company.seller.employee, to=company.second_seller.employee, from_on=TUESDAY + WEEK
    )
    follow_handed_over_clients()
    assert seller_of(deal) == "Sergei Sokolov"
    freeze(monkeypatch, MORNING + WEEK)
    follow_handed_over_clients()
    assert seller_of(deal) == "Sofia Stern"
    assert follow_clients() == 0
