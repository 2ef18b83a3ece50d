from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Assignment, DepartmentKind
from accounts.roles import Role
from compensation.engine.terms import CreditRole, Rate, Salary, TeamPool, Tier
from compensation.ledger.commissions import run_commissions
from compensation.models import Component, CreditLine, PayPeriod, UncreditedPayment
from salesys.db import clock
from salesys.db.effective import from_date
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TIERS = (Tier(Decimal(0), None, Decimal("0.01")),)


@pytest.fixture
def paid(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> PersonaCompany:
    """The seller earned in January, late money came for it in February, and one payment is nobody's."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 20, 9, tzinfo=UTC))
    seller = company.seller.employee
    rate = Rate(CreditRole.HUNTER, rate=Decimal("0.1"))
    world.paid_by(world.scheme(Salary(Decimal(60_000)), rate, Rate(CreditRole.HUNTER, tiers=TIERS)), seller)
    deal = world.contract(world.client(seller), seller)
    world.pay(deal, 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    PayPeriod.all_rows.update(status="approved")
    world.pay(deal, 10_000, day(1, 21))
    world.pay(world.contract(world.client(), seller), 500, day(2, 1))
    run_commissions(actor=None, as_of=day(2, 20))
    return company


def test_the_own_statement_shows_lines_in_words_and_adjustments(paid: PersonaCompany) -> None:
    text = paid.seller.client.get(reverse("compensation:my_statement")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Adjustments of earlier months" in text
    assert "January 2026" in text
    assert "₽60,000.00 a month" in text
    earlier = paid.seller.client.get(reverse("compensation:my_statement"), {"month": "2026-01"}).content.decode()
    assert "Adjustments of earlier months" not in earlier
    assert "₽6,000.00" in earlier


def test_a_line_opens_to_its_payments_in_place(paid: PersonaCompany) -> None:
    line = CreditLine.all_rows.filter(origin_on=day(1), period_on=day(1), rate__isnull=False).get()
    url = reverse("compensation:statement_credits", args=[line.payee_id, line.component_id])
    for month, amount in (("2026-01", "₽6,000.00"), ("2026-02", "₽600.00")):
        part = paid.seller.client.get(url, {"month": month, "origin": "2026-01"}, headers=HTMX).content.decode()
        assert "<html" not in part
        assert amount in part
    assert "<html" in paid.seller.client.get(url, {"month": "2026-01"}).content.decode()
    summed = Component.all_rows.get(code="part_2")
    url = reverse("compensation:statement_credits", args=[line.payee_id, summed.pk])
    assert "on the sum" in paid.seller.client.get(url, {"month": "2026-01"}).content.decode()


def test_from_a_credit_the_way_leads_to_contract_deal_and_plan(paid: PersonaCompany) -> None:
    line = CreditLine.all_rows.filter(period_on=day(1), rate__isnull=False).select_related("payment__contract__deal").get()
    url = reverse("compensation:credit", args=[line.payee_id, line.payment_id])
    text = paid.seller.client.get(url).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert line.payment.contract.number in text
    assert line.payment.contract.deal.title in text
    assert "direct cost ₽40,000.00 = margin ₽60,000.00; × 10 % (new client) = ₽6,000.00." in text
    assert "Plan of January 2026" in text
    other = UncreditedPayment.all_rows.get().pk
    assert paid.seller.client.get(reverse("compensation:credit", args=[line.payee_id, other])).status_code == 404


def test_the_statement_begins_with_what_is_paid_what_is_late_and_how_far_the_month_is(paid: PersonaCompany) -> None:
    url, browser = reverse("compensation:my_statement"), paid.seller.client
    texts = [browser.get(url, {"month": month}).content.decode() for month in ("2026-02", "2026-01", "2025-12")]
    now, before, never = (text.replace("\N{NO-BREAK SPACE}", " ") for text in texts)
    for shown in ("₽60,660.00", "Of it for earlier months", "₽660.00", "Still open", "figures change until it is approved"):
        assert shown in now
    assert "Of it for earlier months" not in before
    assert "Approved" in before
    assert "Not computed yet" in never
    PayPeriod.all_rows.filter(month_on=day(1)).update(status="closed")
    closed = browser.get(url, {"month": "2026-01"}).content.decode()
    assert "Paid out and closed" in closed
    assert "To be paid" not in closed


def test_a_payee_sees_neither_plan_and_fact_of_the_contracts_seller_nor_what_the_contract_is_worth(
    company: PersonaCompany,
) -> None:
    seller, caller = company.seller.employee, company.telesales.employee
    world.paid_by(world.scheme(Rate(CreditRole.TELESALES, rate=Decimal("0.01"))), caller)
    world.paid_by(world.scheme(Rate(CreditRole.HUNTER, rate=Decimal("0.1"))), seller)
    client = world.client(seller)
    world.hold(client, caller, kind="telesales")
    world.pay(world.contract(world.client(seller), seller), 777_000, day(1, 21))
    warmed = world.pay(world.contract(client, seller, amount=Decimal(654_321)), 100_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    url = reverse("compensation:credit", args=[caller.pk, warmed.pk])
    seen = company.telesales.client.get(url)
    text = seen.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert seen.context["story"].attained is None
    for secret in ("₽877,000.00", "₽654,321.00"):
        assert secret not in text
    assert "₽100,000.00" in text
    for persona in (company.seller, company.head, company.director):
        own = reverse("compensation:credit", args=[seller.pk, warmed.pk])
        text = persona.client.get(own).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        for known in ("₽877,000.00", "₽654,321.00"):
            assert known in text


def test_a_head_sees_the_team_and_nobody_else(paid: PersonaCompany) -> None:
    url = reverse("compensation:statement_list")
    mine = paid.head.client.get(url, {"month": "2026-01"}).content.decode()
    assert paid.seller.employee.full_name in mine
    assert paid.seller.employee.full_name not in paid.rival_head.client.get(url, {"month": "2026-01"}).content.decode()
    found = paid.accountant.client.get(url, {"month": "2026-01", "q": "nobody", "sort": "payee"}, headers=HTMX).content.decode()
    assert "No statements" in found


def test_a_period_is_approved_reopened_and_closed_on_its_page(paid: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
    director, accountant = paid.director.client, paid.accountant.client
    january, february = PayPeriod.all_rows.order_by("month_on")
    page = director.get(reverse("compensation:period", args=[february.pk]))
    assert "Payments that nobody is credited for" in page.content.decode()
    accountant.post(reverse("compensation:period_close", args=[february.pk]))
    february.refresh_from_db()
    assert february.status == "calculated"
    director.post(reverse("compensation:period_approve", args=[february.pk]))
    shown = accountant.get(reverse("compensation:period", args=[february.pk])).content.decode()
    assert "Nobody is credited for some payments." in shown
    director.post(reverse("compensation:period_reopen", args=[february.pk]), {"reason": "More to come"})
    february.refresh_from_db()
    assert february.status == "calculated"
    lost = UncreditedPayment.all_rows.get()
    director.post(reverse("compensation:uncredited_accept", args=[lost.pk]), {"reason": ""})
    assert UncreditedPayment.all_rows.get().accepted_by is None
    director.post(reverse("compensation:uncredited_accept", args=[lost.pk]), {"reason": "House account"})
    assert UncreditedPayment.all_rows.get().accepted_note == "House account"
    accountant.post(reverse("compensation:period_close", args=[january.pk]))
    january.refresh_from_db()
    assert january.status == "closed"
    periods = accountant.get(reverse("compensation:period_list")).content.decode()
    assert "closed" in periods


def test_the_page_of_runs_shows_progress_and_refreshes_while_one_waits(paid: PersonaCompany) -> None:
    browser = paid.accountant.client
    url = reverse("compensation:run_list")
    assert "every 2s" not in browser.get(url).content.decode()
    browser.post(reverse("compensation:run_request"), {"full": "1"})
    text = browser.get(url, headers=HTMX).content.decode()
    assert "every 2s" in text
    assert "waiting" in text
    for words in ("Commissions", "2 months", "2 credit lines"):
        assert words in text
    assert "run_id" not in text


def test_statements_over_rest_carry_lines_words_and_filters(paid: PersonaCompany) -> None:
    browser, seller = paid.accountant.client, paid.seller.employee
    listed = browser.get("/api/v1/statements/", {"payee": str(seller.pk), "period_on": "2026-02-01"}).json()["results"]
    assert [(row["month"], row["amount"], row["adjustment_amount"]) for row in listed] == [("2026-02", "60660.00", "660.00")]
    one = browser.get(f"/api/v1/statements/{listed[0]['id']}/").json()
    assert [(line["component"], line["origin_month"], line["amount"]) for line in one["lines"]] == [
        ("part_0", "2026-02", "60000.00"),
        ("part_1", "2026-01", "600.00"),
        ("part_2", "2026-01", "60.00"),
    ]
    assert one["lines"][0]["words"][0].startswith("Salary")
    assert paid.rival_seller.client.get(f"/api/v1/statements/{listed[0]['id']}/").status_code == 404


def test_who_moves_within_a_month_opens_the_payments_of_each_department_apart(company: PersonaCompany) -> None:
    """A pool counts what clients of its own department pay: both lines together would show every rouble twice."""
    manager = company.client_manager.employee
    place = Assignment.all_rows.get(employee=manager)
    place.valid = from_date(day(1), day(1, 16))
    place.save()
    other = world.department("Second clients", DepartmentKind.CLIENT)
    Assignment.all_rows.create(employee=manager, department=other, role=Role.CLIENT_MANAGER, valid=from_date(day(1, 16)))
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), manager)
    deal = world.contract(world.client(manager=manager), manager)
    world.pay(deal, 111_000, day(1, 12))
    world.pay(deal, 222_000, day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    browser = company.client_manager.client
    page = browser.get(reverse("compensation:my_statement"), {"month": "2026-01"})
    assert page.content.decode().count(other.name) == 1
    opened = {entry.line.department_id: entry for entry in page.context["lines"]}
    assert opened.keys() == {place.department_id, other.pk}
    for department_id, amount in ((place.department_id, "111000.00"), (other.pk, "222000.00")):
        part = browser.get(opened[department_id].url, headers=HTMX)
        assert [entry["credit"].net_amount for entry in part.context["entries"]] == [Decimal(amount)]
        assert opened[department_id].line.basis == Decimal(amount)
    (listed,) = browser.get("/api/v1/statements/", {"period_on": "2026-01-01"}).json()["results"]
    lines = browser.get(f"/api/v1/statements/{listed['id']}/").json()["lines"]
    assert {line["department"]: line["basis"] for line in lines} == {place.department_id: "111000.00", other.pk: "222000.00"}
