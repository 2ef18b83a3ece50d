"""A slip of the outcome is taken back exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEvent
from pipeline.calling.services import CallReport, claim_next_entry, log_call, undo_last_call
from pipeline.calling.undo import UNDO_WITHIN
from pipeline.deals.services import move_deal
from pipeline.models import Call, CallListEntry, Deal, Task
from pipeline.tasks.services import start_task
from salesys.kernel.errors import Conflict
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, EntryFactory, freeze

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
