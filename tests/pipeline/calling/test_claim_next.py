"""Who gets which company next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.calling.claims import Claim, Reason
from pipeline.calling.services import claim_next_entry, release_entry, release_stale_claims
from pipeline.calling.tasks import sweep_claims
from pipeline.models import CallList, CallListEntry
from salesys.kernel.errors import NotAllowed
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, CallListFactory, EntryFactory, freeze

State = CallListEntry.State


pytestmark = pytest.mark.usefixtures("_morning")


def test_the_first_by_priority_is_claimed(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, priority=5)
    first = EntryFactory(call_list=call_list, priority=1)
    assert claim_next_entry(actor=company.telesales.user) == Claim(first.pk)
    first.refresh_from_db()
    assert (first.state, first.claimed_by, first.claimed_at) == (State.CLAIMED, company.telesales.employee, MORNING)


def test_the_same_company_is_given_again_until_it_is_done(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory.create_batch(3, call_list=call_list)
    assert claim_next_entry(actor=company.telesales.user) == claim_next_entry(actor=company.telesales.user)
    assert CallListEntry.all_rows.filter(state=State.CLAIMED).count() == 1


def test_two_people_never_get_the_same_company(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory.create_batch(2, call_list=call_list)
    mine, theirs = claim_next_entry(actor=company.telesales.user), claim_next_entry(actor=company.rival_telesales.user)
    assert mine.entry_id is not None
    assert theirs.entry_id is not None
    assert mine.entry_id != theirs.entry_id


def test_a_company_on_two_lists_has_one_caller(company: PersonaCompany, call_list: CallList) -> None:
    first = EntryFactory(call_list=call_list)
    EntryFactory(company=first.company, contact=None, call_list=CallListFactory(members=[company.rival_telesales.employee]))
    call_list.members.filter(employee=company.rival_telesales.employee).delete()
    claim_next_entry(actor=company.telesales.user)
    assert claim_next_entry(actor=company.rival_telesales.user).entry_id is None


def test_a_company_that_somebody_promised_to_call_is_left_to_them(company: PersonaCompany, call_list: CallList) -> None:
    other = CallListFactory(members=[company.rival_telesales.employee])
    promised = EntryFactory(
        call_list=other, reserved_for=company.rival_telesales.employee, not_before=MORNING + timedelta(days=1)
    )
    EntryFactory(call_list=call_list, company=promised.company, contact=None)
    assert claim_next_entry(actor=company.telesales.user).entry_id is None


def test_a_company_that_was_called_today_is_not_called_from_another_list(company: PersonaCompany, call_list: CallList) -> None:
    entry = EntryFactory(call_list=call_list)
    other = EntryFactory(company=entry.company, contact=None, state=State.DONE, claimed_at=MORNING - timedelta(hours=1))
    assert claim_next_entry(actor=company.telesales.user).entry_id is None
    CallListEntry.all_rows.filter(pk=other.pk).update(claimed_at=MORNING - timedelta(hours=11))
    assert claim_next_entry(actor=company.telesales.user) == Claim(entry.pk)


def test_nor_is_one_that_is_due_again(company: PersonaCompany, call_list: CallList) -> None:
    entry = EntryFactory(call_list=call_list, not_before=MORNING - timedelta(minutes=1), attempts=1)
    other = EntryFactory(company=entry.company, contact=None, state=State.DONE, claimed_at=MORNING - timedelta(hours=1))
    assert claim_next_entry(actor=company.telesales.user).entry_id is None
    CallListEntry.all_rows.filter(pk=other.pk).update(claimed_at=MORNING - timedelta(hours=11))
    assert claim_next_entry(actor=company.telesales.user) == Claim(entry.pk)


def test_a_promise_waits_while_a_colleague_calls_the_company_and_others_go_on(
    company: PersonaCompany, call_list: CallList
) -> None:
    promised = EntryFactory(call_list=call_list, reserved_for=company.telesales.employee, not_before=MORNING)
    in_hand = EntryFactory(
        company=promised.company,
        contact=None,
        state=State.CLAIMED,
        claimed_at=MORNING,
        claimed_by=company.rival_telesales.employee,
    )
    following = EntryFactory(call_list=call_list)
    assert claim_next_entry(actor=company.telesales.user) == Claim(following.pk)
    CallListEntry.all_rows.filter(pk__in=[in_hand.pk, following.pk]).update(state=State.DONE)
    assert claim_next_entry(actor=company.telesales.user) == Claim(promised.pk)


def test_own_due_call_backs_come_first(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, priority=0)
    promised = EntryFactory(call_list=call_list, priority=9, reserved_for=company.telesales.employee, not_before=MORNING)
    assert claim_next_entry(actor=company.telesales.user) == Claim(promised.pk)


def test_a_call_back_is_kept_even_where_it_is_night(company: PersonaCompany, call_list: CallList) -> None:
    promised = EntryFactory(
        call_list=call_list, time_zone="Asia/Kamchatka", reserved_for=company.telesales.employee, not_before=MORNING
    )
    assert claim_next_entry(actor=company.telesales.user) == Claim(promised.pk)


def test_a_call_back_that_was_missed_waits_for_the_clients_morning(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(
        call_list=call_list,
        time_zone="Asia/Kamchatka",
        reserved_for=company.telesales.employee,
        not_before=MORNING - timedelta(hours=1),
    )
    found = claim_next_entry(actor=company.telesales.user)
    assert (found.entry_id, found.next_at) == (None, MORNING.replace(hour=0) + timedelta(days=1))


def test_a_call_back_is_not_given_before_its_time(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, reserved_for=company.telesales.employee, not_before=MORNING + timedelta(minutes=1))
    found = claim_next_entry(actor=company.telesales.user)
    assert found == Claim(None, Reason.LATER, MORNING + timedelta(minutes=1))


def test_what_did_not_answer_comes_again_before_untouched_ones(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, priority=0)
    again = EntryFactory(call_list=call_list, priority=9, not_before=MORNING - timedelta(minutes=1), attempts=1)
    assert claim_next_entry(actor=company.telesales.user) == Claim(again.pk)


@pytest.mark.parametrize(
    ("hour", "minute", "is_called"), [(8, 59, False), (9, 0, True), (12, 0, True), (17, 59, True), (18, 0, False)]
)
def test_clients_are_called_from_nine_to_six(
    company: PersonaCompany, call_list: CallList, monkeypatch: pytest.MonkeyPatch, hour: int, minute: int, is_called: bool
) -> None:
    freeze(monkeypatch, MORNING.replace(hour=hour, minute=minute))
    EntryFactory(call_list=call_list)
    assert (claim_next_entry(actor=company.telesales.user).entry_id is not None) is is_called


def test_sleeping_clients_are_left_out_and_the_next_opening_is_told(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, priority=0, time_zone="Asia/Kamchatka")
    found = claim_next_entry(actor=company.telesales.user)
    assert found == Claim(None, Reason.CLOSED, MORNING.replace(hour=0) + timedelta(days=1))
    awake = EntryFactory(call_list=call_list, priority=9, time_zone="Asia/Yekaterinburg")
    assert claim_next_entry(actor=company.telesales.user) == Claim(awake.pk)


def test_priority_goes_before_the_time_zone(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list, priority=5, time_zone="Asia/Yekaterinburg")
    first = EntryFactory(call_list=call_list, priority=1, time_zone="Europe/Samara")
    EntryFactory(call_list=call_list, priority=3, time_zone="")
    assert claim_next_entry(actor=company.telesales.user) == Claim(first.pk)


@pytest.mark.parametrize("day", [14, 15])
def test_nobody_is_called_at_the_weekend(
    company: PersonaCompany, call_list: CallList, monkeypatch: pytest.MonkeyPatch, day: int
) -> None:
    freeze(monkeypatch, MORNING.replace(day=day))
    EntryFactory(call_list=call_list)
    assert claim_next_entry(actor=company.telesales.user) == Claim(None, Reason.CLOSED, MORNING.replace(day=16, hour=9))


def test_a_company_that_moves_is_called_by_its_new_clock(company: PersonaCompany, call_list: CallList) -> None:
    entry = EntryFactory(call_list=call_list)
    entry.company.time_zone = "Asia/Kamchatka"
    entry.company.save()
    assert claim_next_entry(actor=company.telesales.user).entry_id is None


def test_lists_of_others_and_sleeping_lists_give_nothing(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=CallListFactory(members=[company.rival_telesales.employee]))
    EntryFactory(call_list=CallListFactory(members=[company.telesales.employee], is_active=False))
    assert claim_next_entry(actor=company.telesales.user) == Claim(None, Reason.DONE)


def test_somebody_without_a_list_is_told_so(company: PersonaCompany) -> None:
    assert claim_next_entry(actor=company.telesales.user) == Claim(None, Reason.NO_LIST)


def test_somebody_without_a_place_calls_nobody(company: PersonaCompany, call_list: CallList) -> None:
    EntryFactory(call_list=call_list)
    with pytest.raises(NotAllowed):
        claim_next_entry(actor=company.unassigned.user)
    assert not CallListEntry.all_rows.filter(state=State.CLAIMED).exists()


def test_a_claim_is_one_statement(
    company: PersonaCompany, call_list: CallList, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    EntryFactory(call_list=call_list)
    actor = company.telesales.user
    claim_next_entry(actor=actor)
    with django_assert_num_queries(3):  # type: ignore[operator]
        claim_next_entry(actor=actor)  # in a test the transaction is a savepoint: two statements more


def test_a_released_entry_stands_in_its_old_place(company: PersonaCompany, call_list: CallList) -> None:
    first, _second = EntryFactory(call_list=call_list, priority=1), EntryFactory(call_list=call_list, priority=2)
    claim_next_entry(actor=company.telesales.user)
    assert release_entry(actor=company.telesales.user, entry=first)
    assert not release_entry(actor=company.telesales.user, entry=first)
    assert claim_next_entry(actor=company.rival_telesales.user) == Claim(first.pk)


def test_nobody_releases_what_another_has(company: PersonaCompany, call_list: CallList) -> None:
    entry = EntryFactory(call_list=call_list)
    claim_next_entry(actor=company.telesales.user)
    assert not release_entry(actor=company.rival_telesales.user, entry=entry)
    entry.refresh_from_db()
    assert entry.state == State.CLAIMED


def test_the_sweeper_frees_what_was_forgotten(
    company: PersonaCompany, call_list: CallList, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = EntryFactory(call_list=call_list)
    late = EntryFactory(
        call_list=call_list, reserved_for=company.telesales.employee, not_before=MORNING - timedelta(days=5), priority=99
    )
    claimed = EntryFactory(
        call_list=call_list, state=State.CLAIMED, claimed_by=company.rival_telesales.employee, claimed_at=MORNING
    )
    EntryFactory(call_list=call_list, reserved_for=company.telesales.employee, not_before=MORNING + timedelta(days=3))
    CallListEntry.all_rows.filter(pk=forgotten.pk).update(
        state=State.CLAIMED, claimed_by=company.telesales.employee, claimed_at=MORNING - timedelta(minutes=91)
    )
    assert release_stale_claims() == 2
    assert release_stale_claims() == 0
    states = dict(CallListEntry.all_rows.values_list("pk", "state"))
    assert (states[forgotten.pk], states[claimed.pk]) == (State.WAITING, State.CLAIMED)
    assert CallListEntry.all_rows.get(pk=late.pk).reserved_for is None


@pytest.mark.parametrize(
    ("day", "hour", "is_kept"), [(21, 18, True), (22, 18, True), (23, 9, True), (24, 17, True), (24, 18, False)]
)
def test_a_promise_for_friday_is_kept_for_two_working_days(
    company: PersonaCompany, call_list: CallList, monkeypatch: pytest.MonkeyPatch, day: int, hour: int, is_kept: bool
) -> None:
    friday = MORNING.replace(day=20, hour=17)
    promised = EntryFactory(call_list=call_list, reserved_for=company.telesales.employee, not_before=friday)
    freeze(monkeypatch, MORNING.replace(day=day, hour=hour))
    assert release_stale_claims() == (0 if is_kept else 1)
    promised.refresh_from_db()
    assert (promised.reserved_for is not None) is is_kept


def test_every_zone_that_waits_is_asked_when_it_opens(company: PersonaCompany, call_list: CallList) -> None:
    second = CallListFactory(members=[company.telesales.employee])
    for call, zone in ((call_list, "Asia/Kamchatka"), (call_list, "America/Chicago"), (second, "Pacific/Auckland")):
        EntryFactory.create_batch(2, call_list=call, time_zone=zone)
    EntryFactory(call_list=second, not_before=MORNING + timedelta(hours=7))
    found = claim_next_entry(actor=company.telesales.user)
    assert found == Claim(None, Reason.LATER, MORNING + timedelta(hours=7))
    CallListEntry.all_rows.filter(not_before__isnull=False).delete()
    found = claim_next_entry(actor=company.telesales.user)
    assert found == Claim(None, Reason.CLOSED, MORNING.replace(hour=18))


def test_the_sweeper_frees_what_people_have_who_left(company: PersonaCompany, call_list: CallList) -> None:
    gone = company.telesales.employee
    gone.dismissed_on = MORNING.date()
    gone.save()
    claimed = EntryFactory(call_list=call_list, state=State.CLAIMED, claimed_by=gone, claimed_at=MORNING)
    promised = EntryFactory(call_list=call_list, reserved_for=gone, not_before=MORNING + timedelta(days=1))
    assert release_stale_claims() == 2
    claimed.refresh_from_db()
    promised.refresh_from_db()
    assert (claimed.state, promised.reserved_for) == (State.WAITING, None)


def test_the_scheduled_sweep_is_harmless_when_repeated(company: PersonaCompany, call_list: CallList) -> None:
    entry = EntryFactory(
        call_list=call_list, state=State.CLAIMED, claimed_by=company.telesales.employee, claimed_at=MORNING - timedelta(hours=2)
    )
    for _turn in range(2):
        sweep_claims()
    entry.refresh_from_db()
    assert entry.state == State.WAITING
