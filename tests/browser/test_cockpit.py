"""A telesales person's morning in a real browser, without the mouse; pages that anyone can use."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pipeline.models import Call, CallList, CallListEntry, Deal
from tests.browser.conftest import OpenAs, problems_of
from tests.factories import ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany, make_company
from tests.pipeline.factories import MORNING, CallListFactory, DealFactory, EntryFactory, TaskFactory, freeze

pytestmark = [pytest.mark.browser, pytest.mark.no_cover, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> PersonaCompany:
    freeze(monkeypatch, MORNING)
    return make_company()


@pytest.fixture
def entries(made: PersonaCompany) -> list[CallListEntry]:
    call_list: CallList = CallListFactory(members=[made.telesales.employee], direction=made.machinery)
    return [EntryFactory(call_list=call_list, company__name=f"Client {letter}") for letter in "ABCD"]


def in_hand(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_morning_of_calls_needs_no_mouse(made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs) -> None:
    page = open_as(made.telesales, "/calls/")
    page.evaluate("window.__same = true")
    in_hand(page, "Client A")
    page.keyboard.press("Digit1")
    in_hand(page, "Client B")
    page.keyboard.press("Digit6")
    in_hand(page, "Client C")
    page.keyboard.press("KeyU")
    in_hand(page, "Client B")
    page.keyboard.press("KeyN")
    page.keyboard.type("Ann decides in May.")
    page.keyboard.press("Alt+Digit5")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_next_step_at")).to_be_focused()
    page.get_by_role("button", name="in an hour").press("Enter")
    page.keyboard.press("Enter")
    in_hand(page, "Client C")
    page.keyboard.press("Digit8")
    page.get_by_label("Next step, or what is to be found out").fill("Send the price list")
    page.keyboard.press("Control+Enter")
    in_hand(page, "Client D")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.evaluate("window.__same")
    assert list(Call.all_rows.order_by("pk").values_list("outcome", flat=True)) == ["no_answer", "call_back", "warm"]
    assert Call.all_rows.get(outcome="call_back").note == "Ann decides in May."
    assert Deal.all_rows.get().company == entries[2].company


def test_each_call_is_timed_from_its_own_dial(made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs) -> None:
    ContactFactory(company=entries[0].company, phone="+79990000001")
    page = open_as(made.telesales, "/calls/")
    page.clock.install()
    page.evaluate("addEventListener('click', event => { if (event.target.closest('[data-dial]')) event.preventDefault(); })")
    page.keyboard.press("KeyD")
    page.clock.fast_forward(65_000)
    page.keyboard.press("Digit1")
    in_hand(page, "Client B")
    expect(page.locator("[data-timer]")).to_be_hidden()
    page.clock.fast_forward(60_000)
    page.keyboard.press("Digit1")
    in_hand(page, "Client C")
    first, second = Call.all_rows.order_by("pk").values_list("duration_seconds", flat=True)
    assert 65 <= first < 120
    assert second == 0


def test_not_now_shows_the_next_company(made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs) -> None:
    page = open_as(made.telesales, "/calls/")
    page.keyboard.press("KeyS")
    in_hand(page, "Client B")
    page.get_by_role("button", name="Not now").click()
    in_hand(page, "Client C")
    assert not Call.all_rows.exists()


def test_what_an_outcome_does_not_ask_for_is_in_nobodys_way(
    made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs
) -> None:
    page = open_as(made.telesales, "/calls/")
    page.keyboard.press("Digit8")
    page.get_by_label("Expected amount").fill("-100")
    page.get_by_role("textbox", name="Note").focus()
    page.keyboard.press("Alt+Digit1")
    in_hand(page, "Client B")
    assert Call.all_rows.get().outcome == "no_answer"


def test_a_call_without_an_outcome_says_what_is_missing(
    made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs
) -> None:
    page = open_as(made.telesales, "/calls/")
    page.get_by_role("textbox", name="Note").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_have_text("Choose an outcome.")
    expect(page.locator("input[name=outcome]").first).to_be_focused()
    page.keyboard.press("Digit1")
    in_hand(page, "Client B")


def test_what_is_typed_outlives_a_reload(made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs) -> None:
    page = open_as(made.telesales, "/calls/")
    note = page.get_by_role("textbox", name="Note")
    with page.expect_response(lambda response: "/drafts/" in response.url, timeout=5000):
        note.press_sequentially("Half a sen")
    page.reload()
    expect(note).to_have_value("Half a sen")


def test_a_deal_is_moved_by_keyboard_and_by_drag(made: PersonaCompany, open_as: OpenAs) -> None:
    first: Any = DealFactory(title="Pumps", seller=made.seller.employee)
    page = open_as(made.seller, "/deals/")
    page.get_by_role("button", name="Pumps: one stage on").press("Enter")
    lanes = page.locator("[data-stage]")
    expect(lanes.nth(1).get_by_role("link", name="Pumps")).to_be_visible()
    card = page.locator(f"[data-deal='{first.pk}']")
    box, target = card.bounding_box(), lanes.nth(3).bounding_box()
    assert box is not None
    assert target is not None
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 30, box["y"] + 60, steps=6)
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=12)
    with page.expect_response(lambda response: response.url.endswith(f"/deals/{first.pk}/move/")):
        page.mouse.up()
    expect(lanes.nth(3).get_by_role("link", name="Pumps")).to_be_visible()
    assert Deal.all_rows.get().stage.code == "contract"


def test_the_next_card_comes_as_soon_as_one_is_done(made: PersonaCompany, open_as: OpenAs) -> None:
    people = {"assignee": made.assistant.employee, "author": made.telesales.employee, "kind": "research"}
    for letter in "AB":
        TaskFactory(title=f"Card {letter}", company=RelationshipFactory().company, **people)
    page = open_as(made.assistant, "/tasks/research/")
    in_hand(page, "Card A")
    page.get_by_label("Brief").fill("Buys pumps every spring.")
    page.get_by_role("button", name="Done, next card").click()
    in_hand(page, "Card B")
    expect(page.get_by_text("Done: Card A")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_open_to_everyone(made: PersonaCompany, entries: list[CallListEntry], open_as: OpenAs, width: int) -> None:
    client = RelationshipFactory(employee=made.seller.employee, company__direction=made.machinery).company
    deal: Any = DealFactory(company=client, seller=made.seller.employee)
    pages = [
        (made.telesales, "/calls/"),
        (made.seller, "/companies/"),
        (made.seller, f"/companies/{client.pk}/"),
        (made.seller, "/deals/"),
        (made.seller, f"/deals/{deal.pk}/"),
        (made.seller, f"/companies/{client.pk}/call/"),
        (made.seller, "/tasks/"),
        (made.head, f"/call-lists/{entries[0].call_list_id}/"),
    ]
    for persona, path in pages:
        page = open_as(persona, path, width=width)
        assert problems_of(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
