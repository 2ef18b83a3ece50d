"""Pay in a real browser: parts of a pool are tried out before they are kept; what could not be computed is accepted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Assignment
from accounts.roles import Role
from compensation.engine.newness import NewUntil
from compensation.engine.terms import Salary, TeamPool
from compensation.models import Component, Measure, PayPeriod, PoolWeight, StaleMark, UncomputedEarning
from salesys.db import clock
from salesys.db.organisation import forget_organisation
from tests.browser.conftest import OpenAs, problems_of
from tests.compensation import world
from tests.personas import PersonaCompany, make_company

pytestmark = [pytest.mark.browser, pytest.mark.no_cover, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SALESYS_SCREENSHOTS", "")
JANUARY = date(2026, 1, 1)


@pytest.fixture
def made() -> Iterator[PersonaCompany]:
    """The client department has collected 100 000.10 in January, two of its people share the pool; one component is faulty."""
    company = make_company()
    manager, other = company.client_manager.employee, world.employee(company.clients, Role.CLIENT_MANAGER)
    Assignment.all_rows.filter(employee=other).update(manager=company.head.employee)
    world.paid_by(world.scheme(Salary(Decimal(50_000)), TeamPool(Decimal("0.1"), Decimal(0))), manager, other)
    salary, pool = Component.all_rows.order_by("position")
    sums = {"net_amount": Decimal("100000.10"), "basis_amount": Decimal("100000.10"), "amount": Decimal(0)}
    Measure.all_rows.create(
        payee=manager,
        component=pool,
        department_id=company.clients.pk,
        period_on=JANUARY,
        origin_on=JANUARY,
        line_count=1,
        **sums,
    )
    PayPeriod.all_rows.create(month_on=JANUARY, status=PayPeriod.Status.CALCULATED)
    UncomputedEarning.all_rows.create(
        payee=manager,
        component=salary,
        month_on=JANUARY,
        problem="tiers_not_contiguous",
        detail="bonus.steps[1].lower 1",
        found_at=clock.now(),
    )
    StaleMark.all_rows.all().delete()  # a run would have consumed them
    yield company
    forget_organisation()


def shoot(page: Page, name: str) -> None:
    """A picture for people to look at, where they asked for pictures."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_head_sees_every_amount_before_the_parts_are_kept(made: PersonaCompany, open_as: OpenAs, width: int) -> None:
    manager = made.client_manager.employee
    page = open_as(made.head, f"/pools/{made.clients.pk}/?month=2026-01", width=width)
    shares = page.locator("#shares")
    expect(shares).to_contain_text("₽5,000.01")
    other = page.locator(f"input[name^=part_]:not([name=part_{manager.pk}])")
    page.locator(f"[name=part_{manager.pk}]").fill("75")
    expect(shares).to_contain_text("125 %: 25 % too much")
    shoot(page, f"pool-refused-{width}")
    other.fill("25")
    expect(shares).to_contain_text("₽7,500.01")
    shoot(page, f"pool-{width}")
    assert problems_of(page) == []
    assert not PoolWeight.all_rows.exists()
    page.get_by_role("button", name="Keep these parts").click()
    expect(page.get_by_text("Kept; the next run divides the pool like this.")).to_be_visible()
    assert PoolWeight.all_rows.get(employee=manager).weight == Decimal("0.75")


def test_what_could_not_be_computed_is_accepted_before_approval(made: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(made.owner, f"/pay-periods/{PayPeriod.all_rows.get().pk}/")
    expect(page.get_by_text("Components that could not be computed")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    shoot(page, "period-uncomputed")
    assert problems_of(page) == []
    page.get_by_text("Accept that it is not computed").click()
    page.get_by_label("Why").fill("Paid by hand")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("Paid by hand")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def test_the_editor_shows_the_number_of_days_where_days_are_the_rule(made: PersonaCompany, open_as: OpenAs) -> None:
    scheme = world.scheme(Salary(Decimal(1)), new_until=NewUntil.parse("days:300"))
    page = open_as(made.director, f"/schemes/{scheme.pk}/edit/")
    rule, days = page.get_by_label("A client is new until"), page.get_by_label("Days after the first payment")
    expect(days).to_have_value("300")
    rule.select_option("first_deal")
    expect(days).to_be_hidden()
    rule.select_option("days")
    expect(days).to_be_visible()
    assert problems_of(page) == []
    shoot(page, "scheme-days")
    page.get_by_label("Holds from").fill("2026-05-01")
    days.fill("45")
    page.get_by_role("button", name="Save the version").click()
    expect(page.get_by_text("45 days after its first payment")).to_be_visible()
