"""The board begins with what is one's own to sell; each choice shows the deals that its count says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.deals.models import Deal
from pipeline.models import Relationship
from salesys.db.effective import from_date
from tests.factories import CompanyFactory
from tests.personas import Persona, PersonaCompany
from tests.pipeline.factories import DealFactory


@pytest.fixture
def board(company: PersonaCompany) -> PersonaCompany:
    """One deal of the seller, one of a colleague, one of the client manager with the seller's client, one of a rival."""
    client = CompanyFactory(name="Zarya", direction=company.machinery)
    Relationship.all_rows.create(company=client, employee=company.seller.employee, kind="hunter", valid=from_date(company.start))
    DealFactory(title="own", seller=company.seller.employee)
    DealFactory(title="colleague's", seller=company.second_seller.employee, stage_code="proposal")
    DealFactory(title="managers'", seller=company.client_manager.employee, company=client, stage_code="proposal")
    DealFactory(title="rival's", seller=company.rival_seller.employee)
    return company


def shown(persona: Persona, **query: Any) -> set[str]:
    context = persona.client.get("/deals/", query).context
    titles = [card.title for lane in context["lanes"] for card in lane.cards]
    assert len(titles) == context["count"]
    return set(titles)


def test_who_sells_begins_with_the_own_deals(board: PersonaCompany) -> None:
    assert shown(board.seller) == {"own"}
    assert shown(board.seller, seller="all") == {"own", "managers'"}
    assert 'value="all"' in board.seller.client.get("/deals/").content.decode()


def test_a_head_begins_with_the_deals_of_the_team(board: PersonaCompany) -> None:
    team = shown(board.head)
    assert {"own", "colleague's"} <= team
    assert "rival's" not in team
    assert shown(board.head, seller=board.second_seller.employee.pk) == {"colleague's"}


def test_the_owner_begins_with_all(board: PersonaCompany) -> None:
    assert shown(board.owner) == {"own", "colleague's", "managers'", "rival's"}
    assert shown(board.owner, seller=board.rival_seller.employee.pk) == {"rival's"}


def test_a_stage_is_shown_alone(board: PersonaCompany) -> None:
    assert shown(board.owner, stage="proposal") == {"colleague's", "managers'"}
    text = board.owner.client.get("/deals/", {"stage": "proposal"}).content.decode()
    assert "data-move=" not in text
    assert "/contracts/sign/" not in text
    assert shown(board.owner, stage="nonsense") == shown(board.owner)


def test_won_deals_are_shown_when_they_are_asked_for(board: PersonaCompany) -> None:
    seller = board.seller.employee
    for day in (1, 16, 31):
        row = DealFactory(title=f"won {day}", seller=seller, stage_code="won", opened_on=date(2026, 1, 12))
        Deal.all_rows.filter(pk=row.pk).update(status="won", closed_on=date(2026, 3, day), amount=100)
    assert shown(board.seller) == {"own"}
    context = board.seller.client.get("/deals/", {"stage": "won"}).context
    (lane,) = context["lanes"]
    assert [card.title for card in lane.cards] == ["won 31", "won 16", "won 1"]
    assert (lane.count, lane.amount, lane.is_closed) == (3, 300, True)
    assert shown(board.seller, stage="won", since="2026-03-01", until="2026-03-16") == {"won 1", "won 16"}
    assert shown(board.seller, stage="won", since="soon", until="2026-03-01") == {"won 1"}
    assert shown(board.rival_seller, stage="won", seller=seller.pk) == set()
    text = board.seller.client.get("/deals/", {"stage": "won", "since": "2026-03-01"}).content.decode()
    assert "data-can-move" not in text
    assert 'name="since"' in text
    assert "weighted" not in text


def test_asking_for_another_seller_opens_nothing(board: PersonaCompany) -> None:
    assert shown(board.seller, seller=board.rival_seller.employee.pk) == set()
    assert shown(board.telesales) == set()
    assert Deal.all_rows.count() == 4
