"""Real connections in real threads: nobody gets what another has. The control shows that the race is there to be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.models import User
from pipeline.calling import claims
from pipeline.calling.services import CallReport, claim_next_entry, log_call
from pipeline.models import Call, CallList, CallListEntry, CallListMember, Deal
from salesys.db.effective import from_date
from tests.factories import AssignmentFactory, CompanyFactory, EmployeeFactory
from tests.personas import PersonaCompany, make_company
from tests.pipeline.factories import MORNING, TUESDAY, CallListFactory, EntryFactory, freeze

CALLERS = 8
ENTRIES = 40

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[PersonaCompany]:
    freeze(monkeypatch, MORNING)
    yield make_company()


def callers(call_list: CallList) -> list[User]:
    employees = EmployeeFactory.create_batch(CALLERS)
    for employee in employees:
        AssignmentFactory(employee=employee, role="telesales", valid=from_date(TUESDAY - timedelta(days=300)))
        CallListMember.all_rows.create(call_list=call_list, employee=employee)
    return [employee.user for employee in employees]


@contextmanager
def own_connection() -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()


def at_once(users: list[User], work: Callable[[User, Barrier], list[int]]) -> list[int]:
    """What all users got, each in a thread with a connection of its own, beginning at the same moment."""
    barrier = Barrier(len(users), timeout=60)

    def run(user: User) -> list[int]:
        with own_connection():
            return work(user, barrier)

    with ThreadPoolExecutor(len(users)) as pool:
        return [entry for found in pool.map(run, users) for entry in found]


def call_all(user: User, barrier: Barrier) -> list[int]:
    """Take, call, take the next, until nothing is left."""
    barrier.wait()
    taken = []
    while (claim := claim_next_entry(actor=user)).entry_id is not None:
        taken.append(claim.entry_id)
        log_call(actor=user, entry=CallListEntry.all_rows.get(pk=claim.entry_id), report=CallReport(outcome="refused"))
    return taken


def test_callers_at_once_get_every_company_exactly_once(made: PersonaCompany) -> None:
    call_list = CallListFactory()
    EntryFactory.create_batch(ENTRIES, call_list=call_list)
    taken = at_once(callers(call_list), call_all)
    assert sorted(taken) == sorted(CallListEntry.all_rows.values_list("pk", flat=True))
    assert Call.all_rows.count() == ENTRIES


def test_the_control_without_the_lock_gives_a_company_to_two(made: PersonaCompany) -> None:
    """Everybody reads before anybody writes: without `FOR UPDATE SKIP LOCKED`, all of them take the first company."""
    call_list = CallListFactory()
    EntryFactory.create_batch(ENTRIES, call_list=call_list)
    with connection.cursor() as cursor:
        # The last line of defence is the unique index; the control is about the statement alone
        cursor.execute("DROP INDEX entry_one_caller_per_company")
    try:
        taken = at_once(callers(call_list), naive_claim)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pipeline_calllistentry SET state = 'waiting'")
            cursor.execute(
                "CREATE UNIQUE INDEX entry_one_caller_per_company ON pipeline_calllistentry (company_id)"
                " WHERE state = 'claimed' AND company_id > 0"
            )
    assert max(Counter(taken).values()) > 1


def naive_claim(user: User, barrier: Barrier) -> list[int]:
    """Find, then take: between the two, the others have found the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM pipeline_calllistentry WHERE state = 'waiting' ORDER BY priority, id LIMIT 1")
        found = int(cursor.fetchone()[0])
        barrier.wait()
        cursor.execute(
            "UPDATE pipeline_calllistentry SET state = 'claimed', claimed_by_id = %s, claimed_at = now() WHERE id = %s",
            [user.employee.pk, found],
        )
    return [found]


def test_one_person_in_two_windows_gets_one_company(made: PersonaCompany) -> None:
    call_list = CallListFactory(members=[made.telesales.employee])
    EntryFactory.create_batch(4, call_list=call_list)

    def claim(user: User, barrier: Barrier) -> list[int]:
        barrier.wait()
        return [claim_next_entry(actor=user).entry_id or 0]

    taken = at_once([User.objects.get(pk=made.telesales.user.pk) for _window in range(4)], claim)
    assert len(set(taken)) == 1
    assert CallListEntry.all_rows.filter(state="claimed").count() == 1


def test_a_company_on_two_lists_goes_to_one_of_two_at_once(made: PersonaCompany) -> None:
    people = (made.telesales, made.rival_telesales)
    for company in CompanyFactory.create_batch(5):
        for person in people:
            EntryFactory(call_list=CallListFactory(members=[person.employee]), company=company, contact=None)

    def claim(user: User, barrier: Barrier) -> list[int]:
        barrier.wait()
        entry_id = claim_next_entry(actor=user).entry_id
        return [CallListEntry.all_rows.get(pk=entry_id or 0).company_id]

    taken = at_once([person.user for person in people], claim)
    assert len(set(taken)) == 2


def test_a_double_click_logs_one_call(made: PersonaCompany) -> None:
    call_list = CallListFactory(members=[made.telesales.employee])
    entry = EntryFactory(call_list=call_list)
    claim_next_entry(actor=made.telesales.user)

    def log(user: User, barrier: Barrier) -> list[int]:
        barrier.wait()
        return [log_call(actor=user, entry=entry, report=CallReport(outcome="warm")).call_id]

    calls = at_once([User.objects.get(pk=made.telesales.user.pk) for _click in range(4)], log)
    assert len(set(calls)) == 1
    assert (Call.all_rows.count(), Deal.all_rows.count()) == (1, 1)


def test_a_claim_does_not_wait_for_a_long_transaction(made: PersonaCompany) -> None:
    call_list = CallListFactory(members=[made.telesales.employee])
    first, second = EntryFactory(call_list=call_list, priority=1), EntryFactory(call_list=call_list, priority=2)

    def claim(user: User, _barrier: Barrier) -> list[int]:
        return [claim_next_entry(actor=user).entry_id or 0]

    with transaction.atomic():
        CallListEntry.all_rows.select_for_update().get(pk=first.pk)
        assert at_once([made.telesales.user], claim) == [second.pk]
    assert timedelta(0) < claims.STALE_AFTER
