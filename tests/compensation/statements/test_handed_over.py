"""Who is paid for a client that somebody else holds now can open every line, down to its payment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from compensation.engine.terms import CreditRole, Newness, Rate
from compensation.ledger.commissions import run_commissions
from compensation.models import CreditLine
from pipeline.clients.relationships import hand_over_company
from pipeline.models import Contract, Payment
from salesys.db import clock
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import Persona, PersonaCompany

pytestmark = pytest.mark.django_db


@dataclass
class Residuals:
    """`signed` is under the hunter's own contract, `later` under one that the client manager signed."""

    company: PersonaCompany
    signed: Payment
    later: Payment


@pytest.fixture
def residuals(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> Residuals:
    """A hunter with residual credits whose client was handed over on 1 March: hunter and account manager are others now."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 20, 9, tzinfo=UTC))
    hunter, manager = company.seller.employee, company.client_manager.employee
    new = Rate(CreditRole.HUNTER, rate=Decimal("0.1"), newness=Newness.NEW)
    residual = Rate(CreditRole.HUNTER, rate=Decimal("0.02"), newness=Newness.RESIDUAL)
    world.paid_by(world.scheme(new, residual), hunter)
    client = world.client(hunter, manager)
    own, other = world.contract(client, hunter), world.contract(client, manager, signed_on=day(2, 2))
    signed, later = world.pay(own, 100_000, day(2, 20)), world.pay(other, 50_000, day(2, 21))
    hand_over_company(actor=None, company=client, employee=company.rival_seller.employee, kind="hunter", from_on=day(3, 1))
    run_commissions(actor=None, as_of=day(3, 20))
    return Residuals(company, signed, later)


def links(text: str) -> set[str]:
    """Addresses that the main part of a page links to."""
    main = text[text.index("<main") : text.index("</main")] if "<main" in text else text
    return {link.replace("&amp;", "&") for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)"', main)}


def lines_of(persona: Persona) -> list[CreditLine]:
    return list(CreditLine.all_rows.filter(payee_id=persona.employee.pk).order_by("payment_id"))


def test_the_hunter_is_paid_for_both_payments(residuals: Residuals) -> None:
    lines = [(line.payment_id, line.amount) for line in lines_of(residuals.company.seller)]
    assert lines == [(residuals.signed.pk, Decimal("6000.00")), (residuals.later.pk, Decimal("600.00"))]


def test_every_line_of_the_statement_leads_to_its_payment(residuals: Residuals) -> None:
    seller = residuals.company.seller
    browser = seller.client
    statement = browser.get(reverse("compensation:my_statement"), {"month": "2026-02"}).content.decode()
    parts = {link for link in links(statement) if "/credits/" in link}
    assert len(parts) == 2
    opened = set().union(*(links(browser.get(part, headers={"HX-Request": "true"}).content.decode()) for part in parts))
    for payment in (residuals.signed, residuals.later):
        page = reverse("compensation:credit", args=[seller.employee.pk, payment.pk])
        assert page in opened
        response = browser.get(page)
        assert response.status_code == 200
        assert payment.contract.number in response.content.decode()


def test_the_payment_of_the_own_contract_opens_and_the_other_one_is_not_offered(residuals: Residuals) -> None:
    seller = residuals.company.seller
    browser = seller.client
    own = links(browser.get(reverse("compensation:credit", args=[seller.employee.pk, residuals.signed.pk])).content.decode())
    assert f"/payments/{residuals.signed.pk}/" in own
    assert browser.get(f"/payments/{residuals.signed.pk}/").status_code == 200
    other = links(browser.get(reverse("compensation:credit", args=[seller.employee.pk, residuals.later.pk])).content.decode())
    assert f"/payments/{residuals.later.pk}/" not in other
    assert browser.get(f"/payments/{residuals.later.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["signed", "later"])
def test_no_link_of_the_credit_leads_to_a_page_that_is_not_there(residuals: Residuals, name: str) -> None:
    seller = residuals.company.seller
    browser = seller.client
    payment: Payment = getattr(residuals, name)
    page = browser.get(reverse("compensation:credit", args=[seller.employee.pk, payment.pk])).content.decode()
    assert {link: browser.get(link).status_code for link in links(page)} == dict.fromkeys(links(page), 200)


def test_nothing_else_of_the_client_is_shown(residuals: Residuals) -> None:
    seller = residuals.company.seller
    browser = seller.client
    for payment in (residuals.signed, residuals.later):
        for path in (f"/companies/{payment.company_id}/", f"/contracts/{payment.contract_id}/"):
            assert browser.get(path).status_code == 404
    assert not Contract.objects.visible_to(seller.user).exists()


def test_a_credit_of_somebody_else_is_not_there(residuals: Residuals) -> None:
    path = reverse("compensation:credit", args=[residuals.company.seller.employee.pk, residuals.signed.pk])
    for persona in (residuals.company.second_seller, residuals.company.rival_seller, residuals.company.client_manager):
        assert persona.client.get(path).status_code == 404
