"""How far lists are, and what their calls came to, is kept while it happens: it equals what counting would give."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from pipeline.calling.claims import add_up_counts
from pipeline.calling.queries import Progress, outcomes_of, progress_of
from pipeline.calling.services import CallReport, claim_next_entry, log_call, undo_last_call
from pipeline.models import Call, CallList, CallListCount, CallListEntry
from salesys.db.scope import viewer_for
from salesys.web.queries.company import ListLine, call_lists
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, CallListFactory, EntryFactory, freeze

State = CallListEntry.State
pytestmark = pytest.mark.usefixtures("_morning")


def counted(call_list: CallList) -> tuple[Progress, dict[str, int]]:
    """The naive way."""
    states = Counter(call_list.entries.values_list("state", flat=True))
    outcomes = Counter(Call.all_rows.filter(entry__call_list=call_list).values_list("outcome", flat=True))
    progress = Progress(states[State.WAITING], states[State.CLAIMED], states[State.DONE])
    return progress, {str(Call.Outcome(outcome).label): count for outcome, count in outcomes.items()}


def kept(call_list: CallList) -> tuple[Progress, dict[str, int]]:
    return progress_of([call_list.pk]).get(call_list.pk, Progress()), dict(outcomes_of(call_list.pk))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_counting_gives(
    company: PersonaCompany, call_list: CallList, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    other = CallListFactory(members=[company.telesales.employee])
    entries = EntryFactory.create_batch(12, call_list=call_list)
    for entry in chance.sample(entries, 5):
        EntryFactory(call_list=other, company=entry.company, contact=entry.contact)
    actor, at = company.telesales.user, MORNING
    for _turn in range(25):
        at += timedelta(minutes=1)
        freeze(monkeypatch, at)
        claim = claim_next_entry(actor=actor)
        if claim.entry_id is None:
            break
        entry = CallListEntry.all_rows.get(pk=claim.entry_id)
        report = CallReport(outcome=chance.choice(Call.Outcome.values), next_step_at=at + timedelta(minutes=2))
        log_call(actor=actor, entry=entry, report=report)
        if chance.random() < 0.3:
            undo_last_call(actor=actor)
        if chance.random() < 0.3:
            add_up_counts()
        for one in (call_list, other):
            assert kept(one) == counted(one)
    other.entries.filter(state=State.WAITING).delete()
    assert kept(other) == counted(other)


def test_adding_up_changes_no_count_and_leaves_one_row_each(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory.create_batch(3, call_list=call_list)
    EntryFactory(call_list=call_list, state=State.DONE)
    before = kept(call_list)
    assert CallListCount.all_rows.filter(what="companies").count() == 4
    assert add_up_counts() == 1
    assert add_up_counts() == 0
    assert kept(call_list) == before == (Progress(waiting=3, done=1), {})
    assert CallListCount.all_rows.filter(what="companies").get().count == 4


def test_the_home_page_shows_the_list_with_the_least_left_first(company: PersonaCompany) -> None:
    full, empty, short = (CallListFactory(name=name, direction=company.machinery) for name in ("Full", "Empty", "Short"))
    CallListFactory(name="Sleeping", is_active=False, direction=company.machinery)
    EntryFactory.create_batch(3, call_list=full)
    EntryFactory(call_list=short, state=State.DONE)
    EntryFactory(call_list=short, state=State.CLAIMED, claimed_by=company.telesales.employee, claimed_at=MORNING)
    assert call_lists(viewer_for(company.director.user), limit=3) == [
        ListLine(empty.pk, "Empty", 0, 0),
        ListLine(short.pk, "Short", 1, 1),
        ListLine(full.pk, "Full", 3, 0),
    ]
