"""Deals go their way step by step, each step is kept, and nobody overwrites what another did."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent
from pipeline.deals.queries import PER_LANE, BoardFilter, board
from pipeline.deals.services import (
    UNDO_WITHIN,
    DealDraft,
    create_deal,
    give_deal,
    lose_deal,
    move_deal,
    undo_move,
    update_deal,
    version_of,
    win_deal,
)
from pipeline.models import Company, Deal, Product, StageChange
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, DealFactory, freeze


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


@pytest.fixture
def deal(company: PersonaCompany) -> Deal:
    made: Deal = DealFactory(seller=company.seller.employee, amount=Decimal("100000.00"))
    return made


def steps(deal: Deal) -> list[tuple[str | None, str, date]]:
    rows = StageChange.all_rows.filter(deal=deal).order_by("pk").select_related("from_stage", "to_stage")
    return [(row.from_stage.code if row.from_stage else None, row.to_stage.code, row.on) for row in rows]


def reload(deal: Deal) -> Deal:
    found: Deal = Deal.all_rows.select_related("stage").get(pk=deal.pk)
    return found


def test_a_deal_opens_with_the_first_row_of_its_history(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    made = create_deal(actor=company.seller.user, draft=DealDraft(title="Pumps", company_id=client.pk, amount=Decimal("5.00")))
    assert (made.seller, made.stage.code, made.status, made.opened_on) == (company.seller.employee, "new", "open", TUESDAY)
    assert steps(made) == [(None, "new", TUESDAY)]
    assert AuditEvent.all_rows.filter(action="deal.created", object_id=made.pk).exists()


@pytest.mark.parametrize(
    ("values", "stage", "field"),
    [
        ({"title": ""}, "new", "title"),
        ({"amount": Decimal("1.001")}, "new", "amount"),
        ({"company_id": 999_999_999}, "new", "company"),
        ({}, "won", "stage"),
        ({}, "nonsense", "stage"),
    ],
)
def test_a_bad_deal_is_not_written(company: PersonaCompany, values: dict[str, Any], stage: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_deal(actor=company.seller.user, draft=DealDraft(**{"title": "Pumps", **values}), stage=stage)
    assert [issue.field for issue in caught.value.issues] == [field]
    assert not Deal.all_rows.exists()


def test_an_open_deal_is_no_ground_for_the_next_with_a_client_of_others(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.second_seller.employee).company
    DealFactory(company=client, seller=company.seller.employee)
    assert Company.objects.visible_to(company.seller.user).filter(pk=client.pk).exists()
    with pytest.raises(InvalidInput) as caught:
        create_deal(actor=company.seller.user, draft=DealDraft(title="Pumps", company_id=client.pk))
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("not_your_client", "company")
    assert Deal.all_rows.count() == 1


def test_no_deal_is_turned_to_a_client_of_others(company: PersonaCompany) -> None:
    mine = RelationshipFactory(employee=company.seller.employee).company
    theirs = RelationshipFactory(employee=company.rival_seller.employee).company
    # A call list had named the seller (ADR 43): the client is in sight while that deal is open, and no longer
    DealFactory(seller=company.seller.employee, company=theirs)
    own = DealFactory(seller=company.seller.employee, company=mine)
    with pytest.raises(InvalidInput) as caught:
        update_deal(actor=company.seller.user, deal=own, values={"company": theirs})
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("not_your_client", "company")
    assert reload(own).company == mine
    assert not AuditEvent.all_rows.filter(action="deal.updated").exists()


def test_a_deal_of_a_colleague_is_turned_to_another_client_by_heads_alone(company: PersonaCompany) -> None:
    shared, other = (RelationshipFactory(employee=company.client_manager.employee, kind="account_manager").company for _ in "ab")
    deal = DealFactory(seller=company.seller.employee, company=shared)
    with pytest.raises(NotAllowed):
        update_deal(actor=company.client_manager.user, deal=deal, values={"company": other})
    assert reload(deal).company == shared
    assert not Company.objects.visible_to(company.seller.user).filter(pk=other.pk).exists()
    update_deal(actor=company.head.user, deal=deal, values={"company": other})
    assert reload(deal).company == other


def test_only_heads_open_deals_for_others_and_only_for_those_who_sell(company: PersonaCompany) -> None:
    colleague, caller = company.second_seller.employee, company.telesales.employee
    with pytest.raises(NotAllowed):
        create_deal(actor=company.seller.user, draft=DealDraft(title="Pumps", seller_id=colleague.pk))
    with pytest.raises(InvalidInput) as caught:
        create_deal(actor=company.head.user, draft=DealDraft(title="Pumps", seller_id=caller.pk))
    assert caught.value.issues[0].field == "seller"
    assert not Deal.all_rows.exists()
    assert create_deal(actor=company.head.user, draft=DealDraft(title="Pumps", seller_id=colleague.pk)).seller == colleague


@pytest.mark.parametrize("field", ["company_id", "product_id", "amount"])
def test_what_a_closed_deal_was_about_stays(company: PersonaCompany, deal: Deal, field: str) -> None:
    other = {
        "company_id": RelationshipFactory(employee=company.seller.employee).company.pk,
        "product_id": Product.all_rows.create(name="Cheap", list_price=Decimal(1), cost_rate=Decimal("0.1")).pk,
        "amount": Decimal("1.00"),
    }
    before = getattr(win_deal(actor=company.seller.user, deal=deal), field)
    with pytest.raises(Conflict) as caught:
        update_deal(actor=company.seller.user, deal=deal, values={"title": "New", field: other[field]})
    assert caught.value.issues[0].code == "deal_is_closed"
    assert (getattr(reload(deal), field), reload(deal).title) == (before, deal.title)
    update_deal(actor=company.seller.user, deal=deal, values={"title": "New", field: before})
    assert reload(deal).title == "New"


@pytest.mark.parametrize("persona", ["telesales", "assistant", "accountant", "hr"])
def test_other_roles_open_no_deals(company: PersonaCompany, persona: str) -> None:
    with pytest.raises(NotAllowed):
        create_deal(actor=company.personas[persona].user, draft=DealDraft(title="Pumps"))
    assert not Deal.all_rows.exists()


def test_a_deal_moves_and_each_step_is_kept(company: PersonaCompany, deal: Deal) -> None:
    move_deal(actor=company.seller.user, deal=deal, stage="proposal", version=version_of(deal))
    move_deal(actor=company.seller.user, deal=deal, stage="engaged")
    move_deal(actor=company.seller.user, deal=deal, stage="engaged")
    assert steps(deal) == [(None, "new", TUESDAY), ("new", "proposal", TUESDAY), ("proposal", "engaged", TUESDAY)]
    assert AuditEvent.all_rows.filter(action="deal.moved").count() == 2


def test_a_deal_that_somebody_moved_meanwhile_is_not_moved(company: PersonaCompany, deal: Deal) -> None:
    seen = version_of(deal)
    move_deal(actor=company.head.user, deal=deal, stage="engaged", version=seen)
    with pytest.raises(Conflict):
        move_deal(actor=company.seller.user, deal=deal, stage="proposal", version=seen)
    assert reload(deal).stage.code == "engaged"


@pytest.mark.parametrize("persona", ["second_seller", "rival_head", "telesales", "assistant"])
def test_nobody_moves_deals_of_others(company: PersonaCompany, deal: Deal, persona: str) -> None:
    with pytest.raises(NotAllowed):
        move_deal(actor=company.personas[persona].user, deal=deal, stage="proposal")
    assert steps(deal) == [(None, "new", TUESDAY)]


def test_steps_follow_each_other(company: PersonaCompany) -> None:
    begun = TUESDAY - timedelta(days=30)
    old: Deal = DealFactory(seller=company.seller.employee, opened_on=begun)
    move_deal(actor=company.seller.user, deal=old, stage="proposal", on=TUESDAY - timedelta(days=5))
    before = steps(old)
    with pytest.raises(InvalidInput) as caught:
        move_deal(actor=company.seller.user, deal=old, stage="contract", on=TUESDAY - timedelta(days=6))
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("too_early", "on")
    assert steps(old) == before
    move_deal(actor=company.seller.user, deal=old, stage="contract", on=TUESDAY - timedelta(days=5))
    win_deal(actor=company.seller.user, deal=old, on=TUESDAY - timedelta(days=8))
    assert [on for _from, _to, on in steps(old)] == [begun, *(TUESDAY - timedelta(days=days) for days in (5, 5, 8))]


def test_a_next_step_long_ago_is_a_slip(company: PersonaCompany, deal: Deal) -> None:
    for day in (date(2001, 1, 1), TUESDAY - timedelta(days=367)):
        with pytest.raises(InvalidInput) as caught:
            update_deal(actor=company.seller.user, deal=deal, values={"title": "New", "next_step_on": day})
        assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("long_ago", "next_step_on")
        with pytest.raises(InvalidInput):
            create_deal(actor=company.seller.user, draft=DealDraft(title="Pumps", next_step_on=day))
    assert (reload(deal).title, reload(deal).next_step_on, Deal.all_rows.count()) == (deal.title, None, 1)
    Deal.all_rows.filter(pk=deal.pk).update(next_step_on=date(2020, 1, 1))
    update_deal(actor=company.seller.user, deal=deal, values={"title": "New", "next_step_on": date(2020, 1, 1)})
    assert reload(deal).title == "New"
    draft = DealDraft(title="Of the old base", opened_on=date(2020, 1, 1), next_step_on=date(2020, 2, 1))
    assert create_deal(actor=company.seller.user, draft=draft).next_step_on == date(2020, 2, 1)


@pytest.mark.parametrize("stage", ["won", "lost", "", "nonsense"])
def test_a_deal_moves_to_open_stages_only(company: PersonaCompany, deal: Deal, stage: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        move_deal(actor=company.seller.user, deal=deal, stage=stage)
    assert caught.value.issues[0].field == "stage"
    assert steps(deal) == [(None, "new", TUESDAY)]


def test_a_won_deal_is_closed_once(company: PersonaCompany, deal: Deal) -> None:
    for _click in range(2):
        win_deal(actor=company.seller.user, deal=deal, on=TUESDAY)
    found = reload(deal)
    assert (found.status, found.stage.code, found.closed_on) == ("won", "won", TUESDAY)
    assert steps(deal)[-1] == ("new", "won", TUESDAY)
    assert len(steps(deal)) == 2
    for deed in (lambda: move_deal(actor=None, deal=deal, stage="new"), lambda: lose_deal(actor=None, deal=deal, reason="x")):
        with pytest.raises(Conflict):
            deed()


def test_a_deal_without_a_company_is_not_won(company: PersonaCompany) -> None:
    nameless = DealFactory(company=None, seller=company.seller.employee)
    with pytest.raises(InvalidInput) as caught:
        win_deal(actor=company.seller.user, deal=nameless)
    assert caught.value.issues[0].field == "company"
    assert reload(nameless).status == "open"


def test_a_lost_deal_says_why(company: PersonaCompany, deal: Deal) -> None:
    with pytest.raises(InvalidInput):
        lose_deal(actor=company.seller.user, deal=deal, reason="  ")
    assert reload(deal).status == "open"
    for _click in range(2):
        lose_deal(actor=company.seller.user, deal=deal, reason=" price ")
    found = reload(deal)
    assert (found.status, found.lost_reason, found.closed_on, len(steps(deal))) == ("lost", "price", TUESDAY, 2)
    with pytest.raises(Conflict):
        win_deal(actor=company.seller.user, deal=deal)


def test_a_step_is_taken_back(company: PersonaCompany, deal: Deal) -> None:
    move_deal(actor=company.seller.user, deal=deal, stage="proposal")
    lose_deal(actor=company.seller.user, deal=deal, reason="a slip")
    undo_move(actor=company.seller.user, deal=deal)
    found = reload(deal)
    assert (found.status, found.stage.code, found.closed_on, found.lost_reason) == ("open", "proposal", None, "")
    undo_move(actor=company.seller.user, deal=deal)
    assert steps(deal) == [(None, "new", TUESDAY)]
    with pytest.raises(Conflict):
        undo_move(actor=company.seller.user, deal=deal)


def test_a_won_deal_stays_won(company: PersonaCompany, deal: Deal) -> None:
    win_deal(actor=company.seller.user, deal=deal)
    with pytest.raises(Conflict):
        undo_move(actor=company.seller.user, deal=deal)
    assert reload(deal).status == "won"


def test_a_step_of_another_or_an_old_one_stays(company: PersonaCompany, deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    move_deal(actor=company.head.user, deal=deal, stage="proposal")
    with pytest.raises(Conflict):
        undo_move(actor=company.seller.user, deal=deal)
    newest = StageChange.all_rows.filter(deal=deal).latest("pk")
    freeze(monkeypatch, newest.at + UNDO_WITHIN + timedelta(seconds=1))
    with pytest.raises(Conflict):
        undo_move(actor=company.head.user, deal=deal)
    assert reload(deal).stage.code == "proposal"


def test_a_change_is_kept_with_what_was_there_before(company: PersonaCompany, deal: Deal) -> None:
    values = {"amount": Decimal("120000.00"), "next_step": "Call Ann", "next_step_on": TUESDAY}
    update_deal(actor=company.seller.user, deal=deal, values=values, version=version_of(deal))
    changes = AuditEvent.all_rows.get(action="deal.updated").changes
    assert changes["amount"] == ["100000.00", "120000.00"]
    with pytest.raises(Conflict):
        update_deal(actor=company.seller.user, deal=deal, values={"title": "x"}, version=version_of(deal))
    with pytest.raises(InvalidInput):
        update_deal(actor=company.seller.user, deal=deal, values={"status": "won"})
    assert reload(deal).next_step == "Call Ann"


def test_heads_give_a_deal_to_another_seller(company: PersonaCompany, deal: Deal) -> None:
    with pytest.raises(NotAllowed):
        give_deal(actor=company.seller.user, deal=deal, seller=company.second_seller.employee)
    for _click in range(2):
        give_deal(actor=company.head.user, deal=deal, seller=company.second_seller.employee)
    assert reload(deal).seller == company.second_seller.employee
    assert AuditEvent.all_rows.filter(action="deal.given").count() == 1
    win_deal(actor=None, deal=deal)
    with pytest.raises(Conflict):
        give_deal(actor=company.head.user, deal=deal, seller=company.seller.employee)


def test_the_board_counts_all_and_shows_what_is_next(company: PersonaCompany, django_assert_num_queries: Any) -> None:
    seller = company.seller.employee
    for number in range(PER_LANE + 2):
        DealFactory(seller=seller, amount=Decimal(1), next_step_on=TUESDAY + timedelta(days=PER_LANE - number))
    late = DealFactory(seller=seller, amount=Decimal("10.00"), stage_code="proposal", next_step_on=TUESDAY)
    never = DealFactory(seller=seller, amount=Decimal("30.00"), stage_code="proposal")
    DealFactory(seller=company.rival_seller.employee, stage_code="proposal")
    viewer = viewer_for(company.seller.user)
    with django_assert_num_queries(3):
        lanes = {lane.code: lane for lane in board(viewer, BoardFilter())}
    assert list(lanes) == ["new", "engaged", "proposal", "contract"]
    assert (lanes["new"].count, lanes["new"].hidden, lanes["new"].amount) == (PER_LANE + 2, 2, Decimal("42.00"))
    assert [card.pk for card in lanes["proposal"].cards] == [late.pk, never.pk]
    assert (lanes["proposal"].amount, lanes["proposal"].weighted) == (Decimal("40.00"), Decimal("18.00"))
    found = {lane.code: lane.count for lane in board(viewer, BoardFilter(text=late.title))}
    assert found == {"new": 0, "engaged": 0, "proposal": 1, "contract": 0}
