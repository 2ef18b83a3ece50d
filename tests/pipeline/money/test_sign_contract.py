from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.access.models import AuditEvent
from pipeline.deals.models import Deal, Stage
from pipeline.money.models import Contract
from pipeline.money.signing import ContractTerms, set_direct_cost, sign_contract
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.pipeline.money.conftest import Books

DAY = date(2026, 3, 5)


@pytest.fixture
def deal(books: Books) -> Deal:
    row: Deal = Deal.all_rows.create(
        title="Second lathe",
        company=books.client,
        product=books.product,
        seller=books.company.seller.employee,
        stage=Stage.all_rows.get(code="contract"),
        amount=Decimal("700.00"),
        opened_on=date(2026, 2, 2),
    )
    return row


def terms(**more: Any) -> ContractTerms:
    return ContractTerms(**{"signed_on": DAY, "amount": Decimal("700.00"), **more})


def test_signing_wins_the_deal_in_one_go(books: Books, deal: Deal) -> None:
    contract = sign_contract(actor=books.company.seller.user, deal=deal, terms=terms(due_on=DAY + timedelta(days=30)))
    deal.refresh_from_db()
    assert (deal.status, deal.stage.code, deal.closed_on) == ("won", "won", DAY)
    assert (contract.number, contract.company_id, contract.seller_id) == ("2026-00001", books.client.pk, deal.seller_id)
    assert (contract.product_id, contract.amount, contract.paid_amount) == (books.product.pk, Decimal("700.00"), Decimal(0))
    actions = list(AuditEvent.all_rows.order_by("pk").values_list("action", flat=True))
    assert actions == ["deal.won", "contract.signed"]


def test_numbers_count_up_by_year_and_step_over_taken_ones(books: Books, deal: Deal) -> None:
    Contract.all_rows.filter(pk=books.contract.pk).update(number="2026-00001")
    assert sign_contract(actor=None, deal=deal, terms=terms()).number == "2026-00002"
    other = Deal.all_rows.create(
        title="Third", company=books.client, seller=deal.seller, stage=Stage.all_rows.get(code="new"), opened_on=date(2025, 2, 2)
    )
    assert sign_contract(actor=None, deal=other, terms=terms(signed_on=date(2025, 3, 5))).number == "2025-00001"


def test_number_that_is_taken_is_a_conflict(books: Books, deal: Deal) -> None:
    with pytest.raises(Conflict) as error:
        sign_contract(actor=None, deal=deal, terms=terms(number="C-1"))
    assert [issue.field for issue in error.value.issues] == ["number"]
    deal.refresh_from_db()
    assert deal.status == "open"
    assert Contract.all_rows.count() == 2


def test_deal_has_one_contract(books: Books) -> None:
    with pytest.raises(Conflict) as error:
        sign_contract(actor=None, deal=books.deal, terms=terms())
    assert [issue.code for issue in error.value.issues] == ["already_signed"]
    assert Contract.all_rows.count() == 2


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"amount": Decimal("-1.00")}, "out_of_range", "amount"),
        ({"amount": Decimal("NaN")}, "out_of_range", "amount"),
        ({"amount": Decimal("1.001")}, "too_precise", "amount"),
        ({"direct_cost": Decimal("-1.00")}, "out_of_range", "direct_cost"),
        ({"signed_on": date(2026, 2, 1)}, "before_the_deal", "signed_on"),
        ({"due_on": DAY - timedelta(days=1)}, "due_before_signed", "due_on"),
    ],
)
def test_wrong_terms_are_named_and_the_deal_stays_open(deal: Deal, changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        sign_contract(actor=None, deal=deal, terms=terms(**changes))
    assert (code, field) in [(issue.code, issue.field) for issue in error.value.issues]
    deal.refresh_from_db()
    assert deal.status == "open"
    assert Contract.all_rows.count() == 2


def test_nothing_is_signed_tomorrow(deal: Deal) -> None:
    with pytest.raises(InvalidInput) as error:
        sign_contract(actor=None, deal=deal, terms=terms(signed_on=clock.today() + timedelta(days=1)))
    assert [issue.code for issue in error.value.issues] == ["in_the_future"]


def test_lost_deals_and_deals_without_a_company_are_not_signed(deal: Deal) -> None:
    Deal.all_rows.filter(pk=deal.pk).update(company=None)
    with pytest.raises(InvalidInput) as error:
        sign_contract(actor=None, deal=deal, terms=terms())
    assert [issue.code for issue in error.value.issues] == ["deal_without_company"]
    Deal.all_rows.filter(pk=deal.pk).update(status="lost", closed_on=DAY)
    with pytest.raises(InvalidInput) as error:
        sign_contract(actor=None, deal=deal, terms=terms())
    assert "deal_is_lost" in [issue.code for issue in error.value.issues]
    assert Contract.all_rows.count() == 2


@pytest.mark.parametrize("name", ["rival_seller", "telesales", "accountant", "administrator"])
def test_who_does_not_see_the_deal_signs_nothing(books: Books, deal: Deal, name: str) -> None:
    with pytest.raises(NotAllowed):
        sign_contract(actor=getattr(books.company, name).user, deal=deal, terms=terms())
    assert Contract.all_rows.count() == 2


@pytest.mark.parametrize("persona", ["seller", "head"])
def test_nobody_names_the_cost_of_what_they_sell(books: Books, deal: Deal, persona: str) -> None:
    person = books.company.personas[persona]
    Deal.all_rows.filter(pk=deal.pk).update(seller=person.employee)
    with pytest.raises(NotAllowed):
        sign_contract(actor=person.user, deal=deal, terms=terms(direct_cost=Decimal(0)))
    deal.refresh_from_db()
    assert (deal.status, Contract.all_rows.filter(deal=deal).exists()) == ("open", False)


@pytest.mark.parametrize("persona", ["accountant", "head", "director"])
def test_bookkeepers_and_heads_say_what_a_contract_costs(books: Books, persona: str) -> None:
    actor = books.company.personas[persona].user
    set_direct_cost(actor=actor, contract=books.contract, direct_cost=Decimal("400.00"))
    books.contract.refresh_from_db()
    assert books.contract.direct_cost == Decimal("400.00")
    event = AuditEvent.all_rows.get(action="contract.cost_set")
    assert event.changes == {"direct_cost": [None, "400.00"]}
    set_direct_cost(actor=actor, contract=books.contract, direct_cost=Decimal("400.00"))
    assert AuditEvent.all_rows.filter(action="contract.cost_set").count() == 1
    set_direct_cost(actor=actor, contract=books.contract, direct_cost=None)
    books.contract.refresh_from_db()
    assert books.contract.direct_cost is None


def test_the_seller_does_not_change_the_cost(books: Books) -> None:
    with pytest.raises(NotAllowed):
        set_direct_cost(actor=books.company.seller.user, contract=books.contract, direct_cost=Decimal(0))
    with pytest.raises(InvalidInput) as error:
        set_direct_cost(actor=books.company.accountant.user, contract=books.contract, direct_cost=Decimal("-1.00"))
    assert error.value.issues[0].field == "direct_cost"
    books.contract.refresh_from_db()
    assert books.contract.direct_cost is None


def test_the_cost_is_set_on_its_page_by_those_who_may(books: Books) -> None:
    address = f"/contracts/{books.contract.pk}/cost/"
    link = f'href="{address}"'
    assert link in books.company.accountant.client.get(f"/contracts/{books.contract.pk}/").content.decode()
    assert link not in books.company.seller.client.get(f"/contracts/{books.contract.pk}/").content.decode()
    assert "direct_cost" not in books.company.seller.client.get(f"/contracts/sign/{books.deal.pk}/", follow=True).content.decode()
    response = books.company.accountant.client.post(address, {"direct_cost": "1 234,50"})
    assert (response.status_code, response["Location"]) == (302, f"/contracts/{books.contract.pk}/")
    books.contract.refresh_from_db()
    assert books.contract.direct_cost == Decimal("1234.50")
    assert books.company.accountant.client.post(address, {"direct_cost": "much"}).status_code == 400
