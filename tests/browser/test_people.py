"""People and structure in a real browser: the administrator changes who stands where, and sees it on its date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.access.budgets import set_budget
from accounts.access.reveal import reveal_contact
from accounts.access.tokens import issue_token
from accounts.models import Assignment
from accounts.roles import Role
from salesys.db import clock
from salesys.db.organisation import Organisation, forget_organisation
from tests.browser.conftest import OpenAs
from tests.factories import ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany, make_company

pytestmark = [pytest.mark.browser, pytest.mark.no_cover, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SALESYS_SCREENSHOTS", "")


@pytest.fixture
def company() -> Iterator[PersonaCompany]:
    """The company, committed, with some life in it."""
    made = make_company()
    set_budget(actor=made.owner.user, role=Role.SELLER, per_day=5, per_month=50)
    client = RelationshipFactory(employee=made.seller.employee).company
    for _ in range(4):
        reveal_contact(actor=made.seller.user, contact=ContactFactory(company=client))
    issue_token(actor=made.administrator.user, user=made.administrator.user, name="1C", scopes=["deals:read"])
    yield made
    forget_organisation()


def shoot(page: Page, name: str) -> None:
    """A picture for people to look at, where they asked for pictures."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_change_ahead_is_recorded_and_shown_on_its_date(company: PersonaCompany, open_as: OpenAs) -> None:
    on = (clock.today() + timedelta(days=30)).isoformat()
    page = open_as(company.director, f"/people/{company.seller.employee.pk}/")
    form = page.locator("form[action$='/place/']")
    form.locator("[name=from_on]").fill(on)
    form.locator("[name=department]").select_option(str(company.vip.pk))
    form.locator("[name=role]").select_option("vip_manager")
    form.locator("button").click()
    expect(page.get_by_text("The change is recorded.")).to_be_visible()
    assert Assignment.all_rows.get(employee=company.seller.employee, role="vip_manager").valid_from.isoformat() == on
    page = open_as(company.administrator, "/structure/")
    expect(page.locator("details", has_text="Vip").last).not_to_contain_text("Sergei Sokolov")
    page.locator("input[name=on]").fill(on)
    page.locator("input[name=on]").press("Enter")
    expect(page.locator("details", has_text="Vip").last).to_contain_text("Sergei Sokolov")


def test_another_country_brings_its_time_zones_and_currency(company: PersonaCompany, open_as: OpenAs) -> None:
    Organisation.objects.update(set_up_at=None)
    forget_organisation()
    page = open_as(company.administrator, "/setup/")
    page.get_by_label("Country of the working calendar").select_option("KZ")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Almaty")
    expect(page.get_by_label("Currency")).to_have_value("KZT")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/setup/calendar/")
    row = Organisation.objects.get()
    assert (row.country, row.time_zone, row.currency) == ("KZ", "Asia/Almaty", "KZT")


PAGES = (
    "/people/",
    "/people/hire/",
    "/structure/",
    "/structure/departments/new/",
    "/audit/",
    "/contacts-opened/budgets/",
    "/tokens/",
    "/profile/",
    "/setup/",
    "/setup/calendar/",
    "/setup/departments/",
    "/setup/directions/",
    "/setup/people/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_desk_and_a_phone(company: PersonaCompany, open_as: OpenAs, scheme: str) -> None:
    for width in (1440, 390):
        for path in (*PAGES, f"/people/{company.seller.employee.pk}/"):
            page = open_as(company.administrator, path, width=width)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            expect(page.locator("h1")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is wider than {width}"
            shoot(page, f"accounts-{scheme}-{width}{path.replace('/', '-')}")
        page = open_as(company.head, "/contacts-opened/", width=width)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(page.get_by_text("Sergei Sokolov").first).to_be_visible()
        shoot(page, f"accounts-{scheme}-{width}-reveals")
