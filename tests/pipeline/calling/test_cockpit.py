"""The cockpit's pages: the next company without a page load, nothing typed lost, nobody else's company."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access.budgets import set_budget
from accounts.models import AuditEvent, BudgetNotice, ContactReveal
from accounts.roles import Role
from pipeline.calling.services import claim_next_entry
from pipeline.models import Call, CallList, CallListEntry, Company, ResearchCard
from salesys.db.drafts import Draft, draft_of
from tests.factories import CompanyFactory, ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, CallListFactory, EntryFactory

HTMX = {"HX-Request": "true"}
QUERIES = 62
"""Of one step of the cockpit, log and next company together, session and savepoints included."""


def send(browser: Client, name: str, *args: Any, **data: Any) -> Any:
    return browser.post(reverse(f"pipeline:{name}", args=args), data, headers=HTMX)


def test_the_company_is_shown_with_all_that_helps(company: PersonaCompany, entry: CallListEntry) -> None:
    ResearchCard.all_rows.create(
        company=entry.company, author=company.assistant.employee, brief="Buys pumps every spring.", prepared_on=TUESDAY
    )
    Call.all_rows.create(
        called_on=TUESDAY - timedelta(days=30),
        started_at=MORNING - timedelta(days=30),
        employee=company.rival_telesales.employee,
        company=entry.company,
        outcome="refused",
        note="Has a supplier.",
    )
    page = company.telesales.client.get(reverse("pipeline:cockpit")).content.decode()
    for text in (entry.company.name, "+74955550123", "Buys pumps every spring.", "Has a supplier.", entry.call_list.script):
        assert text in page


def test_one_request_logs_and_brings_the_next_company(
    company: PersonaCompany, entry: CallListEntry, django_assert_max_num_queries: Any
) -> None:
    following = EntryFactory(call_list=entry.call_list)
    browser = company.telesales.client
    with django_assert_max_num_queries(QUERIES):
        response = send(browser, "cockpit_log", entry.pk, outcome="refused", note="No.")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert following.company.name in page
    assert f"{entry.company.name}: refused" in page
    assert Call.all_rows.get().note == "No."


def test_what_is_refused_keeps_everything_typed(company: PersonaCompany, entry: CallListEntry) -> None:
    response = send(
        company.telesales.client, "cockpit_log", entry.pk, outcome="call_back", note="Ann is in Tver", next_step="call Ann"
    )
    page = response.content.decode()
    assert response.status_code == 400
    for text in ("Ann is in Tver", "call Ann", "When was it agreed for?", entry.company.name):
        assert text in page
    assert not Call.all_rows.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"outcome": "sold"},
        {"outcome": "refused", "contact": "x"},
        {"outcome": "refused", "contact": "999999999999"},
        {"outcome": "refused", "duration_seconds": "-1"},
        {"outcome": "meeting", "next_step_at": "tomorrow"},
        {"outcome": "warm", "amount": "a lot"},
        {"outcome": "warm", "product": "x"},
        {"outcome": "refused", "note": "\0"},
    ],
)
def test_bad_input_is_refused_and_nothing_written(company: PersonaCompany, entry: CallListEntry, data: dict[str, str]) -> None:
    assert send(company.telesales.client, "cockpit_log", entry.pk, **data).status_code == 400
    assert not Call.all_rows.exists()
    assert CallListEntry.all_rows.get(pk=entry.pk).state == "claimed"


def test_a_draft_comes_back_after_a_reload_and_is_gone_after_the_call(company: PersonaCompany, entry: CallListEntry) -> None:
    browser = company.telesales.client
    assert send(browser, "draft", f"call-{entry.pk}", note="half a sen", outcome="").status_code == 204
    assert "half a sen" in browser.get(reverse("pipeline:cockpit")).content.decode()
    send(browser, "draft", f"call-{entry.pk}", note="half a sentence")
    assert draft_of(company.telesales.user, f"call-{entry.pk}") == {"note": "half a sentence"}
    send(browser, "cockpit_log", entry.pk, outcome="refused", note="half a sentence")
    assert not Draft.all_rows.exists()


def test_an_empty_draft_is_forgotten_and_another_persons_is_not_shown(company: PersonaCompany, entry: CallListEntry) -> None:
    send(company.rival_telesales.client, "draft", f"call-{entry.pk}", note="a secret")
    assert "a secret" not in company.telesales.client.get(reverse("pipeline:cockpit")).content.decode()
    send(company.rival_telesales.client, "draft", f"call-{entry.pk}", note=" ")
    assert not Draft.all_rows.exists()


def test_undo_brings_the_company_back(company: PersonaCompany, entry: CallListEntry) -> None:
    EntryFactory(call_list=entry.call_list)
    browser = company.telesales.client
    send(browser, "cockpit_log", entry.pk, outcome="refused")
    page = send(browser, "cockpit_undo").content.decode()
    assert entry.company.name in page
    assert not Call.all_rows.exists()
    assert "There is no outcome to take back." in send(browser, "cockpit_undo").content.decode()


def test_not_now_puts_the_company_back_for_an_hour(company: PersonaCompany, entry: CallListEntry) -> None:
    following = EntryFactory(call_list=entry.call_list)
    page = send(company.telesales.client, "cockpit_skip", entry.pk).content.decode()
    assert following.company.name in page
    found = CallListEntry.all_rows.get(pk=entry.pk)
    assert (found.state, found.not_before, found.attempts) == ("waiting", MORNING + timedelta(hours=1), 0)


@pytest.fixture
def waiting(company: PersonaCompany, call_list: CallList, _morning: None) -> list[CallListEntry]:
    """Six companies, each with a number of its own."""
    rows: Any = [EntryFactory(call_list=call_list, contact__phone=f"+749577700{number:02d}") for number in range(6)]
    return list(rows)


def numbers(page: str) -> set[str]:
    return set(re.findall(r"\+749577700\d\d", page))


def test_a_number_that_is_shown_counts_as_opened(company: PersonaCompany, waiting: list[CallListEntry]) -> None:
    browser = company.telesales.client
    for _reload in range(3):
        assert numbers(browser.get(reverse("pipeline:cockpit")).content.decode()) == {"+74957770000"}
    reveal = ContactReveal.all_rows.get()
    assert (reveal.user, reveal.contact_id, reveal.company_id, reveal.on) == (
        company.telesales.user, waiting[0].contact_id, waiting[0].company_id, TUESDAY,
    )  # fmt: skip
    event = AuditEvent.all_rows.get(action="contact.opened")
    assert (event.actor, event.object_id) == (company.telesales.user, waiting[0].contact_id)


def test_skipping_through_the_list_ends_with_the_budget(company: PersonaCompany, waiting: list[CallListEntry]) -> None:
    set_budget(actor=company.owner.user, role=Role.TELESALES, per_day=5, per_month=100)
    browser, seen, page = company.telesales.client, set(), ""
    page = browser.get(reverse("pipeline:cockpit")).content.decode()
    for entry in waiting:
        seen |= numbers(page)
        page = send(browser, "cockpit_skip", entry.pk).content.decode()
    assert len(seen) == ContactReveal.all_rows.count() == 5
    assert "The budget for opening contacts is spent: 5 a day, 100 a month." in page
    assert "Ask your head" in page
    assert "No further company for now" in page
    assert waiting[5].company.name not in page
    assert {entry.state for entry in CallListEntry.all_rows.all()} == {"waiting"}
    notices = BudgetNotice.all_rows.filter(user=company.telesales.user)
    assert sorted(notices.values_list("used", "is_spent")) == [(4, False), (5, True)]
    browser.get(reverse("pipeline:cockpit"))
    assert AuditEvent.all_rows.filter(action="contact.refused").count() == 1


def test_the_company_in_hand_stays_when_the_budget_is_spent(company: PersonaCompany, entry: CallListEntry) -> None:
    set_budget(actor=company.owner.user, role=Role.TELESALES, per_day=0, per_month=100)
    page = company.telesales.client.get(reverse("pipeline:cockpit")).content.decode()
    assert entry.company.name in page
    assert "+74955550123" not in page
    assert "+7495•••••23" in page
    assert "The budget for opening contacts is spent" in page
    assert not ContactReveal.all_rows.exists()
    assert AuditEvent.all_rows.get(action="contact.refused").object_id == entry.contact_id
    assert CallListEntry.all_rows.get(pk=entry.pk).state == "claimed"


def test_others_at_the_company_are_opened_one_by_one(company: PersonaCompany, entry: CallListEntry) -> None:
    other = ContactFactory(company=entry.company, full_name="Boris Belov", phone="+74957770001")
    browser = company.telesales.client
    page = browser.get(reverse("pipeline:cockpit")).content.decode()
    assert "Boris Belov" in page
    assert numbers(page) == set()
    browser.post(reverse("pipeline:contact_open", args=[other.pk]), headers=HTMX)
    assert numbers(browser.get(reverse("pipeline:cockpit")).content.decode()) == {"+74957770001"}
    assert ContactReveal.all_rows.count() == 2


def test_a_company_taken_back_costs_nothing_more(company: PersonaCompany, waiting: list[CallListEntry]) -> None:
    browser = company.telesales.client
    browser.get(reverse("pipeline:cockpit"))
    send(browser, "cockpit_log", waiting[0].pk, outcome="refused")
    assert numbers(send(browser, "cockpit_undo").content.decode()) == {"+74957770000"}
    assert ContactReveal.all_rows.count() == 2


def test_rest_masks_what_a_caller_has_not_opened(company: PersonaCompany, entry: CallListEntry) -> None:
    (row,) = company.telesales.client.get("/api/v1/contacts/").json()["results"]
    assert (row["phone"], row["is_open"]) == ("+7495•••••23", False)
    company.telesales.client.get(reverse("pipeline:cockpit"))
    (row,) = company.telesales.client.get("/api/v1/contacts/").json()["results"]
    assert (row["phone"], row["is_open"]) == ("+74955550123", True)


def test_a_company_of_a_colleague_is_neither_logged_nor_shown(
    company: PersonaCompany, call_list: CallList, _morning: None
) -> None:
    theirs = EntryFactory(call_list=call_list)
    claim_next_entry(actor=company.rival_telesales.user)
    page = send(company.telesales.client, "cockpit_log", theirs.pk, outcome="warm").content.decode()
    assert "This company is not yours to call any more." in page
    assert theirs.company.name not in page
    assert not Call.all_rows.exists()


def test_a_double_click_logs_one_call_and_shows_the_next(company: PersonaCompany, entry: CallListEntry) -> None:
    following = EntryFactory(call_list=entry.call_list)
    browser = company.telesales.client
    pages = [send(browser, "cockpit_log", entry.pk, outcome="warm").content.decode() for _click in range(2)]
    assert all(following.company.name in page for page in pages)
    assert Call.all_rows.count() == 1


def test_an_empty_list_says_why(company: PersonaCompany, _morning: None) -> None:
    browser = company.telesales.client
    assert "You call no list yet" in browser.get(reverse("pipeline:cockpit")).content.decode()
    call_list = CallListFactory(members=[company.telesales.employee])
    assert "Your lists are done" in browser.get(reverse("pipeline:cockpit")).content.decode()
    EntryFactory(call_list=call_list, time_zone="Asia/Kamchatka")
    assert "Nobody may be called now" in browser.get(reverse("pipeline:cockpit")).content.decode()


def test_the_telesales_person_sees_the_company_only_while_calling_it(company: PersonaCompany, entry: CallListEntry) -> None:
    browser = company.telesales.client
    address = reverse("pipeline:company", args=[entry.company_id])
    assert browser.get(address).status_code == 200
    send(browser, "cockpit_log", entry.pk, outcome="refused")
    assert browser.get(address).status_code == 404


def test_a_list_is_made_and_filled_by_a_head(company: PersonaCompany) -> None:
    free = CompanyFactory.create_batch(3, direction=company.machinery, city="Tver")
    ContactFactory(company=free[0])
    decides = ContactFactory(company=free[0], is_decision_maker=True)
    RelationshipFactory(company=CompanyFactory(direction=company.machinery, city="Tver"), employee=company.seller.employee)
    CompanyFactory(direction=company.retail, city="Tver")
    browser = company.head.client
    data = {"name": "Tver", "direction": company.machinery.pk, "members": [company.telesales.employee.pk], "is_active": "on"}
    browser.post(reverse("pipeline:call_list_new"), data)
    made = CallList.all_rows.get(name="Tver")
    assert list(made.members.values_list("employee_id", flat=True)) == [company.telesales.employee.pk]
    fill = {"city": "tver", "limit": "100", "without_held": "on"}
    for _click in range(2):
        assert browser.post(reverse("pipeline:call_list_fill", args=[made.pk]), fill).status_code == 302
    entries = CallListEntry.all_rows.filter(call_list=made)
    assert set(entries.values_list("company_id", flat=True)) == {one.pk for one in free}
    assert entries.get(company=free[0]).contact == decides


def test_filters_of_companies_narrow_and_the_next_page_goes_on(company: PersonaCompany) -> None:
    CompanyFactory.create_batch(55, direction=company.machinery)
    other = CompanyFactory(name="«Ёлка»", direction=company.retail)
    browser = company.director.client
    first = browser.get(reverse("pipeline:company_list"))
    assert len(first.context["rows"]) == 50
    second = browser.get(reverse("pipeline:company_list") + first.context["next_url"])
    names = [row.name for page in (first, second) for row in page.context["rows"]]
    assert names == list(Company.all_rows.order_by("name_key", "pk").values_list("name", flat=True))
    assert second.context["slice"].next_after is None
    found = browser.get(reverse("pipeline:company_list"), {"q": "елка", "direction": str(company.retail.pk)})
    assert [row.pk for row in found.context["rows"]] == [other.pk]


def test_a_list_of_companies_costs_the_same_however_long(company: PersonaCompany, django_assert_max_num_queries: Any) -> None:
    CompanyFactory.create_batch(60, direction=company.machinery)
    for persona in (company.director, company.head, company.base_manager):
        browser = persona.client
        browser.get(reverse("pipeline:company_list"))
        with django_assert_max_num_queries(15):
            browser.get(reverse("pipeline:company_list"))


def test_the_clock_of_the_client_is_shown(company: PersonaCompany, entry: CallListEntry) -> None:
    Company.all_rows.filter(pk=entry.company_id).update(time_zone="Asia/Yekaterinburg")
    page = company.telesales.client.get(reverse("pipeline:cockpit")).content.decode()
    assert "<dt>Time there</dt><dd>12:00" in page
