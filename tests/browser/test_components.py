"""Components in a real browser: readable in both themes and on a phone, and they do what they promise."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenAs, problems_of
from tests.personas import PersonaCompany

pytestmark = [pytest.mark.browser, pytest.mark.no_cover, pytest.mark.urls("tests.browser.gallery")]

WIDEST = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


LABELS = """
element => {
  const texts = window.echarts.getInstanceByDom(element).getZr().storage.getDisplayList().filter(each => each.type === "tspan");
  return texts.map(each => {
    const ruler = document.createElement("canvas").getContext("2d");
    ruler.font = each.style.font;
    const width = ruler.measureText(each.style.text).width, [x, y] = each.transformCoordToGlobal(each.style.x, each.style.y);
    const left = { center: x - width / 2, right: x - width, end: x - width }[each.style.textAlign] ?? x;
    return { text: each.style.text, left, right: left + width, y };
  });
}
"""
"""Every line of text that a chart has drawn, with where it stands."""
LINE_APART = 11


def drawn(page: Page) -> None:
    expect(page.locator(".chart[data-drawn]")).to_have_count(page.locator(".chart").count())


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_component_is_accessible(company: PersonaCompany, open_as: OpenAs, theme: str, width: int) -> None:
    company.owner.user.theme = theme
    company.owner.user.save()

    page = open_as(company.owner, "/gallery/", width=width)

    drawn(page)
    assert problems_of(page) == []
    assert page.evaluate(WIDEST) == 0, "the page scrolls sideways"


def test_charts_have_their_figures_as_a_table(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    page.locator("details.chart-table > summary").first.click()

    expect(page.locator("#year-table")).to_contain_text("₽70,000")


@pytest.mark.parametrize("width", [1440, 390])
def test_names_of_columns_never_stand_on_each_other(company: PersonaCompany, open_as: OpenAs, width: int) -> None:
    page = open_as(company.owner, "/gallery/", width=width)
    drawn(page)

    for chart in ("lists", "periods", "steps", "calls", "pay"):
        texts = page.locator(f"[data-chart-source={chart}-data]").evaluate(LABELS)
        assert len(texts) > 4
        met = [
            (one["text"], other["text"])
            for one, other in combinations(texts, 2)
            if one["left"] < other["right"] and other["left"] < one["right"] and abs(one["y"] - other["y"]) < LINE_APART
        ]
        assert met == [], chart
    expect(page.locator("#lists-table")).to_contain_text("Transport and logistics: cold base")


def test_dialog_opens_takes_the_focus_and_closes(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="Add a deal")).to_be_visible()
    expect(page.locator("#title")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#add")).to_be_hidden()


def test_keys_mean_places_and_can_be_turned_off(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true}))")
    expect(page.locator("#add")).to_be_visible()

    company.owner.user.has_single_keys = False
    company.owner.user.save()
    page.reload()
    page.keyboard.press("n")

    expect(page.locator("#add")).to_be_hidden()


def test_keys_do_nothing_while_one_types(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    page.locator("#id_note").press_sequentially("none?")

    expect(page.locator("#id_note")).to_have_value("none?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_question_mark_lists_the_keys_of_the_page(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    page.keyboard.press("?")

    expect(page.locator("#keys")).to_contain_text("New deal")


def test_focus_is_seen(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_view_shows_a_toast(company: PersonaCompany, open_as: OpenAs, live_server: LiveServer) -> None:
    page = open_as(company.owner, "/gallery/")

    page.evaluate("htmx.trigger(document.body, 'toast', {text: 'Saved <b>once</b>.', tone: 'success'})")

    expect(page.locator("#toasts")).to_contain_text("Saved <b>once</b>.")


@pytest.mark.parametrize("width", [390, 1200])
def test_a_table_wider_than_its_card_scrolls_within_it_and_says_so(company: PersonaCompany, open_as: OpenAs, width: int) -> None:
    page = open_as(company.owner, "/gallery/", width=width)
    region = page.get_by_role("region", name="By month").locator(".table-scroll")
    frame = page.locator(".table-frame.is-wide")

    expect(frame).to_have_count(1)
    expect(frame).to_have_class(re.compile("is-cut-right"))
    expect(region).to_have_attribute("role", "region")
    region.focus()
    for _press in range(40):
        page.keyboard.press("ArrowRight")

    expect(frame).to_have_class(re.compile("is-cut-left"))
    assert page.evaluate(WIDEST) == 0, "the page scrolls sideways"


def test_a_table_that_fits_is_no_stop_for_the_keyboard(company: PersonaCompany, open_as: OpenAs) -> None:
    page = open_as(company.owner, "/gallery/")

    expect(page.locator(".table-frame > .table-scroll").last).to_be_attached()
    expect(page.locator(".table-frame:not(.is-wide) > .table-scroll[data-region]")).to_have_count(0)
