"""Each role signs in to its own page; nothing on any page of its menu is refused, broken or unreadable."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from salesys.shell.navigation import links_for
from salesys.web import navigation
from tests.browser.conftest import OpenAs, SignIn, problems_of
from tests.personas import PersonaCompany

pytestmark = [pytest.mark.browser, pytest.mark.no_cover]

TITLES = {
    Role.OWNER: "Company",
    Role.COMMERCIAL_DIRECTOR: "Company",
    Role.INDUSTRY_HEAD: "Your team",
    Role.SELLER: "Your day",
    Role.TELESALES: "Your calls",
    Role.ASSISTANT: "Your research",
    Role.CLIENT_MANAGER: "Your clients",
    Role.VIP_MANAGER: "Corporate clients",
    Role.BASE_MANAGER: "Lead bases",
    Role.MARKETER: "Your day",
    Role.ACCOUNTANT: "Payments and pay",
    Role.HR: "People",
    Role.ADMINISTRATOR: "Installation",
}
UNTIL_WATCHED = """
navigator.serviceWorker.controller ? true
  : new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(true), { once: true }))
"""


@pytest.mark.parametrize("role", list(Role))
def test_role_signs_in_to_its_own_page(company: PersonaCompany, sign_in: SignIn, role: Role) -> None:
    page = sign_in(company.by_role(role))

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[role])
    assert problems_of(page) == []


def new_pages(role: Role) -> list[str]:
    """Pages of the role's menu that no role before it has: each page is looked at once, as the first who has it."""
    navigation.gather()
    before = {link.url for other in list(Role)[: list(Role).index(role)] for _section, link in links_for(other, "/")}
    return [link.url for _section, link in links_for(role, "/") if link.url not in before]


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_menu_is_whole(company: PersonaCompany, open_as: OpenAs, role: Role) -> None:
    persona = company.by_role(role)

    found = {url: problems for url in new_pages(role) if (problems := problems_of(open_as(persona, url, width=390)))}

    assert found == {}


def test_wrong_password_is_told_without_telling_whether_the_account_exists(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(None, "/account/login/")
    page.get_by_label("Email").fill("owner@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert problems_of(page) == []


def test_palette_goes_to_pages_by_keyboard_in_any_layout(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/search/")

    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'л', code: 'KeyK', ctrlKey: true, bubbles: true}))")
    expect(page.locator("#palette")).to_be_visible()
    assert problems_of(page) == []
    page.keyboard.type("home")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Company")


def test_escape_closes_the_palette_at_once_with_something_typed(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("zarya")

    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()


def test_theme_and_language_change_at_once_and_stay(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.seller, "/")

    page.get_by_label("Theme and language").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_label("Theme and language").click()
    page.get_by_role("button", name="Русский").click()

    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_menu_opens_and_closes_on_a_phone(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.seller, "/", width=390)
    expect(page.locator(".sidebar")).to_be_hidden()

    page.get_by_label("Open the menu").click()
    expect(page.locator(".sidebar")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator(".sidebar")).to_be_hidden()


def test_a_page_without_a_connection_is_ours_and_leads_back(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.seller, "/")
    page.evaluate(UNTIL_WATCHED)

    page.context.set_offline(offline=True)
    page.goto(page.url + "search/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.get_by_role("link", name="Try again")).to_have_css("display", "flex")
    assert problems_of(page) == []
    page.context.set_offline(offline=False)
    page.get_by_role("link", name="Try again").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Search")


@pytest.mark.parametrize("path", ["/there/is/no/such/page/", "/offline/", "/account/password/reset/", "/account/logout/"])
def test_pages_beside_the_work_are_in_the_same_look(company: PersonaCompany, open_as: OpenAs, path: str) -> None:
    page = open_as(company.seller, path)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert problems_of(page) == []
