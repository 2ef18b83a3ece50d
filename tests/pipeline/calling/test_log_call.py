"""What a logged call brings about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent, Pair
from pipeline.calling.services import CallReport, claim_next_entry, log_call, log_company_call
from pipeline.models import Call, CallListEntry, Deal, LastCall, Relationship, StageChange, Task
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed, NotVisible
from tests.factories import AssignmentFactory, CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, EntryFactory, freeze

State = CallListEntry.State
NOTE = "Spoke to the director."


def counts() -> dict[str, int]:
    """Rows of everything that a call may write."""
    models: list[Any] = [Call, Deal, StageChange, Task, Relationship, LastCall, AuditEvent]
    return {model.__name__: model.all_rows.count() for model in models}


def reload(entry: CallListEntry) -> CallListEntry:
    found: CallListEntry = CallListEntry.all_rows.get(pk=entry.pk)
    return found


def test_the_call_is_written_as_it_was(company: PersonaCompany, entry: CallListEntry) -> None:
    report = CallReport(outcome="refused", note=f" {NOTE} ", duration_seconds=90, next_step="Ask again in spring")
    logged = log_call(actor=company.telesales.user, entry=entry, report=report)
    call = Call.all_rows.get(pk=logged.call_id)
    assert (call.called_on, call.started_at, call.duration_seconds) == (TUESDAY, MORNING - timedelta(seconds=90), 90)
    assert (call.employee, call.company, call.contact, call.entry) == (
        company.telesales.employee, entry.company, entry.contact, entry,
    )  # fmt: skip
    assert (call.outcome, call.note, call.next_step, call.deal) == ("refused", NOTE, "Ask again in spring", None)
    assert AuditEvent.all_rows.filter(action="call.logged", object_id=call.pk, actor=company.telesales.user).count() == 1


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_refused_and_wrong_numbers_are_done(company: PersonaCompany, entry: CallListEntry, outcome: str) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome=outcome))
    found = reload(entry)
    assert (found.state, found.attempts, found.reserved_for) == (State.DONE, 1, None)


@pytest.mark.parametrize(
    ("outcome", "again_at"),
    [
        ("busy", MORNING + timedelta(minutes=30)),
        ("no_answer", MORNING + timedelta(hours=3)),
        ("gatekeeper", MORNING.replace(day=18, hour=9)),
    ],
)
def test_who_was_not_reached_is_called_again_by_anyone(
    company: PersonaCompany, entry: CallListEntry, outcome: str, again_at: datetime
) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome=outcome))
    found = reload(entry)
    assert (found.state, found.not_before, found.reserved_for, found.attempts) == (State.WAITING, again_at, None, 1)


def test_after_five_attempts_nobody_tries_again(company: PersonaCompany, entry: CallListEntry) -> None:
    CallListEntry.all_rows.filter(pk=entry.pk).update(attempts=3)
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="no_answer"))
    assert reload(entry).state == State.WAITING
    CallListEntry.all_rows.filter(pk=entry.pk).update(attempts=4, state=State.CLAIMED, claimed_at=MORNING + timedelta(seconds=1))
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="no_answer"))
    assert reload(entry).state == State.DONE


@pytest.mark.parametrize("outcome", ["call_back", "information"])
def test_attempts_are_counted_anew_once_somebody_was_talked_to(
    company: PersonaCompany, entry: CallListEntry, outcome: str
) -> None:
    CallListEntry.all_rows.filter(pk=entry.pk).update(attempts=4)
    report = CallReport(outcome=outcome, next_step_at=MORNING + timedelta(hours=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert reload(entry).attempts == 0
    CallListEntry.all_rows.filter(pk=entry.pk).update(state=State.CLAIMED, claimed_at=MORNING + timedelta(seconds=1))
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="busy"))
    assert (reload(entry).state, reload(entry).attempts) == (State.WAITING, 1)


@pytest.mark.parametrize("outcome", ["warm", "meeting", "refused"])
def test_the_company_is_called_from_no_other_list(company: PersonaCompany, entry: CallListEntry, outcome: str) -> None:
    waiting = EntryFactory(company=entry.company)
    promised = EntryFactory(
        company=entry.company, reserved_for=company.rival_telesales.employee, not_before=MORNING + timedelta(days=1)
    )
    report = CallReport(outcome=outcome, next_step_at=MORNING + timedelta(days=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert [reload(one).state for one in (waiting, promised)] == [State.DONE, State.DONE]


@pytest.mark.parametrize("outcome", ["no_answer", "busy", "gatekeeper", "call_back", "information"])
def test_who_is_still_to_be_reached_stays_on_other_lists(company: PersonaCompany, entry: CallListEntry, outcome: str) -> None:
    waiting = EntryFactory(company=entry.company)
    report = CallReport(outcome=outcome, next_step_at=MORNING + timedelta(days=1))
    log_call(actor=company.telesales.user, entry=entry, report=report)
    assert reload(waiting).state == State.WAITING


def test_a_wrong_number_is_called_from_no_list_and_other_people_are(company: PersonaCompany, entry: CallListEntry) -> None:
    same = EntryFactory(company=entry.company, contact=entry.contact)
    another = EntryFactory(company=entry.company)
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="wrong_number"))
    assert [reload(one).state for one in (same, another)] == [State.DONE, State.WAITING]


def test_a_call_back_waits_for_its_caller(company: PersonaCompany, entry: CallListEntry) -> None:
    at = MORNING + timedelta(days=2)
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="call_back", next_step_at=at))
    found = reload(entry)
    assert (found.state, found.not_before, found.reserved_for) == (State.WAITING, at, company.telesales.employee)


def test_a_question_goes_to_the_paired_assistant(company: PersonaCompany, entry: CallListEntry) -> None:
    report = CallReport(outcome="information", next_step="Who buys the pumps?")
    logged = log_call(actor=company.telesales.user, entry=entry, report=report)
    task = Task.all_rows.get(pk=logged.task_ids[0])
    assert (task.kind, task.assignee, task.author, task.company) == (
        "research", company.assistant.employee, company.telesales.employee, entry.company,
    )  # fmt: skip
    assert (task.due_on, task.request) == (date(2026, 11, 18), "Who buys the pumps?")
    found = reload(entry)
    assert (found.state, found.reserved_for, found.not_before) == (
        State.WAITING, company.telesales.employee, MORNING.replace(day=19, hour=9),
    )  # fmt: skip


def test_a_question_on_friday_is_answered_on_monday(
    company: PersonaCompany, entry: CallListEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, MORNING.replace(day=20))
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="information"))
    assert Task.all_rows.get(pk=logged.task_ids[0]).due_on == date(2026, 11, 23)


def test_without_a_pair_any_assistant_is_asked(company: PersonaCompany, entry: CallListEntry) -> None:
    Pair.all_rows.all().delete()
    extra = AssignmentFactory(role="assistant", department=company.telesales_department).employee
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="information"))
    assert Task.all_rows.get(pk=logged.task_ids[0]).assignee == extra


def test_sent_twice_it_is_written_once(company: PersonaCompany, entry: CallListEntry) -> None:
    report = CallReport(outcome="meeting", next_step_at=MORNING + timedelta(days=1))
    first = log_call(actor=company.telesales.user, entry=entry, report=report)
    before = counts()
    assert log_call(actor=company.telesales.user, entry=entry, report=report) == replace(first, is_repeat=True)
    assert counts() == before


def test_sent_again_after_the_next_call_it_is_written_once(
    company: PersonaCompany, entry: CallListEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="no_answer", duration_seconds=90))
    freeze(monkeypatch, MORNING + timedelta(seconds=20))
    following = EntryFactory(call_list=entry.call_list)
    assert claim_next_entry(actor=company.telesales.user).entry_id == following.pk
    log_call(actor=company.telesales.user, entry=following, report=CallReport(outcome="refused"))
    before = counts()
    again = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="no_answer", duration_seconds=90))
    assert again == replace(first, is_repeat=True)
    assert (counts(), reload(entry).attempts) == (before, 1)


def test_a_retried_entry_may_be_logged_again_by_the_same_person(
    company: PersonaCompany, entry: CallListEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="busy"))
    freeze(monkeypatch, MORNING + timedelta(hours=1))
    assert claim_next_entry(actor=company.telesales.user).entry_id == entry.pk
    assert not log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="busy")).is_repeat
    assert Call.all_rows.filter(entry=entry).count() == 2


def test_what_another_has_cannot_be_logged(company: PersonaCompany, entry: CallListEntry) -> None:
    before = counts()
    with pytest.raises(Conflict):
        log_call(actor=company.rival_telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert counts() == before
    assert reload(entry).state == State.CLAIMED


def test_a_forgotten_claim_still_counts_while_nobody_took_it(company: PersonaCompany, entry: CallListEntry) -> None:
    CallListEntry.all_rows.filter(pk=entry.pk).update(state=State.WAITING)
    assert not log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="refused")).is_repeat
    assert reload(entry).state == State.DONE


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"outcome": "sold"}, "no_such_outcome", "outcome"),
        ({"outcome": "call_back"}, "no_time", "next_step_at"),
        ({"outcome": "meeting"}, "no_time", "next_step_at"),
        ({"outcome": "call_back", "next_step_at": MORNING}, "bad_time", "next_step_at"),
        ({"outcome": "call_back", "next_step_at": MORNING + timedelta(days=367)}, "bad_time", "next_step_at"),
        ({"outcome": "busy", "duration_seconds": -1}, "bad_duration", "duration_seconds"),
        ({"outcome": "busy", "duration_seconds": 28_801}, "bad_duration", "duration_seconds"),
        ({"outcome": "busy", "note": "x" * 20_001}, "bad_note", "note"),
        ({"outcome": "busy", "note": "\0"}, "bad_note", "note"),
        ({"outcome": "busy", "next_step": "x" * 201}, "bad_next_step", "next_step"),
        ({"outcome": "warm", "amount": Decimal(-1)}, "bad_amount", "amount"),
        ({"outcome": "busy", "contact_id": 999_999_999}, "no_such_contact", "contact"),
    ],
)
def test_a_bad_report_writes_nothing(
    company: PersonaCompany, entry: CallListEntry, values: dict[str, Any], code: str, field: str
) -> None:
    before = counts()
    with pytest.raises(InvalidInput) as caught:
        log_call(actor=company.telesales.user, entry=entry, report=CallReport(**values))
    assert [(issue.code, issue.field) for issue in caught.value.issues] == [(code, field)]
    assert counts() == before
    assert reload(entry).state == State.CLAIMED


def test_a_seller_logs_calls_to_own_clients(company: PersonaCompany, _morning: None) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    at = MORNING + timedelta(days=1)
    report = CallReport(outcome="call_back", next_step_at=at)
    logged = log_company_call(actor=company.seller.user, company=client, report=report)
    task = Task.all_rows.get(pk=logged.task_ids[0])
    assert (task.kind, task.assignee, task.due_at) == ("call_back", company.seller.employee, at)
    assert Call.all_rows.get(pk=logged.call_id).entry is None


def test_nobody_logs_calls_to_clients_of_others(company: PersonaCompany, _morning: None) -> None:
    client = RelationshipFactory(employee=company.rival_seller.employee).company
    before = counts()
    with pytest.raises(NotVisible):
        log_company_call(actor=company.seller.user, company=client, report=CallReport(outcome="warm"))
    with pytest.raises(NotAllowed):
        log_company_call(actor=company.assistant.user, company=client, report=CallReport(outcome="warm"))
    assert counts() == before


def test_a_deal_needs_somebody_to_sell_it(company: PersonaCompany, entry: CallListEntry) -> None:
    for seller in (company.seller, company.second_seller, company.rival_seller):
        seller.employee.dismissed_on = TUESDAY
        seller.employee.save()
    before = counts()
    with pytest.raises(InvalidInput) as caught:
        log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert caught.value.issues[0].code == "no_seller"
    assert counts() == before


def test_an_entry_without_an_assistant_to_ask_stays_in_hand(company: PersonaCompany, entry: CallListEntry) -> None:
    for helper in (company.assistant, company.rival_assistant):
        helper.employee.dismissed_on = TUESDAY
        helper.employee.save()
    with pytest.raises(InvalidInput) as caught:
        log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="information"))
    assert caught.value.issues[0].code == "no_assistant"
    assert reload(entry).state == State.CLAIMED


def test_another_company_is_not_touched(company: PersonaCompany, entry: CallListEntry) -> None:
    other = EntryFactory(call_list=entry.call_list, company=CompanyFactory())
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert (reload(other).state, reload(other).attempts) == (State.WAITING, 0)
