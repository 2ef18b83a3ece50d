"""The company of a new deal is found by typing and chosen by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from pipeline.models import Deal, Relationship
from salesys.db.effective import from_date
from tests.browser.conftest import OpenAs, problems_of
from tests.factories import CompanyFactory
from tests.personas import PersonaCompany

pytestmark = [pytest.mark.browser, pytest.mark.no_cover]


def test_a_company_is_chosen_without_the_mouse(company: PersonaCompany, open_as: OpenAs) -> None:
    for name in ("Zarya Mills", "Zarya Works"):
        row = CompanyFactory(name=name, city="Perm")
        Relationship.all_rows.create(company=row, employee=company.seller.employee, kind="hunter", valid=from_date(company.start))
    page = open_as(company.seller, "/deals/", width=390)
    page.get_by_role("link", name="New deal").click()

    page.get_by_role("combobox", name="Company").press_sequentially("zarya")
    expect(page.get_by_role("listbox", name="Found").get_by_role("option")).to_have_count(2)
    assert problems_of(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Zarya Works")
    expect(page.get_by_label("Deal", exact=True)).to_have_value("Zarya Works")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Zarya Works")
    assert Deal.all_rows.get(title="Zarya Works").seller == company.seller.employee


def test_what_was_typed_before_the_scripts_came_is_searched_too(company: PersonaCompany, open_as: OpenAs) -> None:
    row = CompanyFactory(name="Zarya Mills", city="Perm")
    Relationship.all_rows.create(company=row, employee=company.seller.employee, kind="hunter", valid=from_date(company.start))
    page = open_as(company.seller, "/deals/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/picker*.js", hold)
    page.get_by_role("link", name="New deal").click()

    page.get_by_role("combobox", name="Company").press_sequentially("zarya")
    page.wait_for_function("() => document.readyState === 'interactive'")
    held.pop().continue_()
    page.get_by_role("option", name="Zarya Mills").click()
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Zarya Mills")


def test_a_search_without_an_answer_says_so(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.seller, "/deals/new/")
    expect(page.get_by_role("combobox", name="Company")).to_be_focused()
    page.route("**/deals/new/companies/**", lambda route: route.fulfill(status=429))
    page.get_by_role("combobox", name="Company").press_sequentially("zarya")
    expect(page.get_by_text("The search did not answer. Type again.")).to_be_visible()
