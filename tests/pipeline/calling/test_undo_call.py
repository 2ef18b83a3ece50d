"""A slip of the outcome is taken back exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEvent
from pipeline.calling.services import CallReport, claim_next_entry, log_call, undo_last_call
from pipeline.calling.undo import UNDO_WITHIN
from pipeline.clients.services import hand_over_company
from pipeline.deals.services import move_deal, update_deal
from pipeline.models import Call, CallListEntry, Deal, Task
from pipeline.tasks.services import reassign_task, start_task
from salesys.kernel.errors import Conflict
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, DealFactory, EntryFactory, freeze

TABLES = (
    "pipeline_call", "pipeline_deal", "pipeline_stagechange", "pipeline_task", "pipeline_relationship", "pipeline_lastcall",
    "pipeline_calllistentry",
)  # fmt: skip
OUTCOMES = ["no_answer", "busy", "wrong_number", "gatekeeper", "call_back", "refused", "information", "warm", "meeting"]


def contents() -> dict[str, list[Any]]:
    """Every row that a call may write, but for the instant of the claim."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) - 'claimed_at' FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_database_is_as_if_it_had_not_been_logged(company: PersonaCompany, entry: CallListEntry, outcome: str) -> None:
    before = contents()
    report = CallReport(outcome=outcome, next_step_at=MORNING + timedelta(days=1), note="a slip")
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert contents() != before
    assert undo_last_call(actor=company.telesales.user) == entry
    assert contents() == before
    event = AuditEvent.all_rows.get(action="call.undone")
    assert event.changes["note"] == ["a slip", None]


def test_a_deal_that_there_was_stands_where_it_stood(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.seller.employee)
    DealFactory(company=entry.company, seller=company.seller.employee, next_step="Write", next_step_on=MORNING.date())
    before = contents()
    report = CallReport(outcome="meeting", next_step_at=MORNING + timedelta(days=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert contents() != before
    undo_last_call(actor=company.telesales.user)
    assert contents() == before


@pytest.mark.parametrize("outcome", ["refused", "wrong_number", "warm", "meeting"])
def test_other_lists_have_the_company_again(company: PersonaCompany, entry: CallListEntry, outcome: str) -> None:
    EntryFactory(company=entry.company, contact=entry.contact)
    EntryFactory(company=entry.company, contact=entry.contact, state="done")
    EntryFactory(company=entry.company, contact=entry.contact, reserved_for=company.seller.employee, not_before=MORNING)
    before = contents()
    report = CallReport(outcome=outcome, next_step_at=MORNING + timedelta(days=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert not CallListEntry.all_rows.exclude(state="done").exists()
    undo_last_call(actor=company.telesales.user)
    assert contents() == before


def test_who_warmed_it_and_has_left_has_warmed_it_again(company: PersonaCompany, entry: CallListEntry) -> None:
    gone = company.rival_telesales.employee
    gone.dismissed_on = MORNING.date()
    gone.save()
    RelationshipFactory(company=entry.company, employee=gone, kind="telesales")
    before = contents()
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    undo_last_call(actor=company.telesales.user)
    assert contents() == before


def test_what_was_typed_is_the_draft_again(company: PersonaCompany, entry: CallListEntry) -> None:
    browser = company.telesales.client
    typed = {
        "outcome": "meeting",
        "note": "A long talk about pumps",
        "next_step": "Show them",
        "next_step_at": "2026-11-20T11:30",
        "amount": "1500.00",
    }
    browser.post(f"/calls/{entry.pk}/log/", typed)
    page = browser.post("/calls/undo/")
    assert "A long talk about pumps" in page.content.decode()
    form = page.context["form"]
    assert {name: form[name].value() for name in typed} == {**typed, "outcome": None}


def test_so_it_is_with_a_call_that_came_of_no_list(company: PersonaCompany, _morning: None) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    browser = company.seller.client
    browser.post(f"/companies/{client.pk}/call/", {"outcome": "refused", "note": "A long talk about pumps"})
    browser.post("/calls/take-back/")
    assert not Call.all_rows.exists()
    assert "A long talk about pumps" in browser.get(f"/companies/{client.pk}/call/").content.decode()


def test_the_company_taken_since_goes_back_to_the_list(company: PersonaCompany, entry: CallListEntry) -> None:
    following = EntryFactory(call_list=entry.call_list)
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused"))
    assert claim_next_entry(actor=company.telesales.user).entry_id == following.pk
    undo_last_call(actor=company.telesales.user)
    states = dict(CallListEntry.all_rows.values_list("pk", "state"))
    assert states == {entry.pk: "claimed", following.pk: "waiting"}
    assert claim_next_entry(actor=company.telesales.user).entry_id == entry.pk


def test_the_right_outcome_can_be_logged_afterwards(company: PersonaCompany, entry: CallListEntry) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused"))
    undo_last_call(actor=company.telesales.user)
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert not logged.is_repeat
    assert list(Call.all_rows.values_list("outcome", flat=True)) == ["warm"]


def refused(company: PersonaCompany) -> None:
    before = contents()
    with pytest.raises(Conflict):
        undo_last_call(actor=company.telesales.user)
    assert contents() == before


def test_it_is_taken_back_once(company: PersonaCompany, entry: CallListEntry) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused"))
    undo_last_call(actor=company.telesales.user)
    refused(company)


def test_it_is_not_taken_back_after_ten_minutes(
    company: PersonaCompany, entry: CallListEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused"))
    freeze(monkeypatch, MORNING + UNDO_WITHIN + timedelta(seconds=1))
    refused(company)


def test_a_deal_that_its_seller_has_moved_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    move_deal(actor=company.seller.user, deal=Deal.all_rows.get(pk=logged.deal_id or 0), stage="proposal")
    refused(company)


def test_a_task_that_somebody_has_begun_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="information"))
    start_task(actor=company.assistant.user, task=Task.all_rows.get(pk=logged.task_ids[0]))
    refused(company)


def test_a_task_that_was_given_to_somebody_else_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="information"))
    task = Task.all_rows.get(pk=logged.task_ids[0])
    reassign_task(actor=company.telesales.user, task=task, assignee=company.rival_assistant.employee)
    refused(company)


@pytest.mark.parametrize("days", [0, 1])
def test_a_client_that_a_head_has_given_to_somebody_stays_theirs(
    company: PersonaCompany, entry: CallListEntry, days: int
) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    hand_over_company(
        actor=company.director.user,
        company=entry.company,
        employee=company.second_seller.employee,
        kind="hunter",
        from_on=MORNING.date() + timedelta(days=days),
    )
    refused(company)


def test_a_deal_that_there_was_and_has_been_worked_on_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.seller.employee)
    deal = DealFactory(company=entry.company, seller=company.seller.employee)
    report = CallReport(outcome="meeting", next_step_at=MORNING + timedelta(days=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    update_deal(actor=company.seller.user, deal=deal, values={"next_step": "Prepare the meeting"})
    refused(company)


def test_a_company_that_somebody_else_has_by_now_stays_theirs(
    company: PersonaCompany, entry: CallListEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="busy"))
    CallListEntry.all_rows.filter(pk=entry.pk).update(not_before=MORNING - timedelta(minutes=1))
    assert claim_next_entry(actor=company.rival_telesales.user).entry_id == entry.pk
    refused(company)


def test_a_company_that_is_called_from_another_list_stays_there(company: PersonaCompany, entry: CallListEntry) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused"))
    EntryFactory(
        company=entry.company, contact=None, state="claimed", claimed_by=company.rival_telesales.employee, claimed_at=MORNING
    )
    refused(company)
