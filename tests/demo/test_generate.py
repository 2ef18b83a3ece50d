"""The made-up department without a database: always the same, whole, and nothing of it tomorrow."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from faker import Faker

from accounts.models import DepartmentKind
from accounts.roles import Role
from salesys.demo.generate import digest, generate
from salesys.demo.people import cast_of
from salesys.demo.rows import Department
from salesys.demo.setting import Setting
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import DateSpan

TODAY = date(2026, 11, 22)
SMALL = Setting(TODAY, seed=7, size=0.05)
DATES = [date(2026, 1, 1), date(2024, 2, 29), date(2026, 11, 22), date(2026, 3, 2), date(2025, 12, 31)]


@pytest.fixture(scope="module")
def small() -> Department:
    return generate(SMALL)


def test_same_setting_makes_the_same_department(small: Department) -> None:
    assert digest(generate(SMALL)) == digest(small)


@pytest.mark.parametrize(
    "other",
    [
        Setting(TODAY, seed=8, size=0.05),
        Setting(TODAY + timedelta(days=1), seed=7, size=0.05),
        Setting(TODAY, seed=7, size=0.06),
        Setting(TODAY, seed=7, size=0.05, language="ru"),
    ],
)
def test_another_setting_makes_another_department(small: Department, other: Setting) -> None:
    assert digest(generate(other)) != digest(small)


@pytest.mark.parametrize(("size", "language"), [(0.0, "en"), (-1, "en"), (1000, "en"), (float("nan"), "en"), (1, "fr")])
def test_setting_that_makes_no_sense_is_refused(size: float, language: str) -> None:
    with pytest.raises(InvalidInput):
        Setting(TODAY, size=size, language=language)


@pytest.mark.parametrize("today", DATES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_has_happened_today_or_later(today: date, language: str) -> None:
    made = generate(Setting(today, size=0.03, language=language))
    happened = [call.at.date() for call in made.calls]
    happened += [card.prepared_on for card in made.cards]
    happened += [payment.paid_on for payment in made.payments]
    happened += [contract.signed_on for contract in made.contracts]
    happened += [on for deal in made.deals for _stage, on in deal.steps]
    happened += [task.done_at.date() for task in made.tasks if task.done_at is not None]
    assert max(happened) < today
    assert max(happened) >= today - timedelta(days=12)
    assert min(happened) >= today - timedelta(days=31 * 19)


def test_every_role_and_kind_of_department_is_there(small: Department) -> None:
    assert {row.kind for row in small.departments} == set(DepartmentKind.values)
    roles = {place.role for person in small.people if (place := person.place_on(TODAY)) is not None}
    assert roles == set(Role.values)


def test_full_size_has_sixty_people_of_whom_two_changed_departments() -> None:
    people = cast_of(Setting(TODAY), Faker("en_US"))
    assert len(people) == 60
    moved = {person.plays for person in people if len({place.department for place in person.places}) > 1}
    assert moved == {"moved_to_clients", "became_seller"}
    assert len({person.email for person in people}) == len({person.name for person in people}) == 60
    assert all(person.email.endswith("@example.com") for person in people)


def test_people_stand_in_one_place_at_a_time_below_people_who_are_there(small: Department) -> None:
    for person in small.people:
        spans = [DateSpan(place.from_on, place.until_on) for place in person.places]
        assert person.hired_on == spans[0].start
        assert not any(first.overlaps(second) for first, second in pairwise(spans))
        for place in person.places:
            assert place.manager is None or small.people[place.manager].hired_on <= place.from_on


def test_relationships_of_a_kind_do_not_overlap(small: Department) -> None:
    by_company: dict[tuple[int, str], list[DateSpan]] = {}
    for hold in small.holds:
        spans = by_company.setdefault((hold.company, hold.kind), [])
        span = DateSpan(hold.from_on, hold.until_on)
        assert not any(span.overlaps(other) for other in spans)
        spans.append(span)


def test_every_payment_finds_its_hunter(small: Department) -> None:
    held: dict[int, list[DateSpan]] = {}
    for hold in small.holds:
        if hold.kind == "hunter":
            held.setdefault(hold.company, []).append(DateSpan(hold.from_on, hold.until_on))
    for payment in small.payments:
        company = small.deals[small.contracts[payment.contract].deal].company
        assert any(payment.paid_on in span for span in held[company])


def test_deals_go_forward_in_time_and_stage(small: Department) -> None:
    order = ["new", "engaged", "proposal", "contract", "won", "lost"]
    for deal in small.deals:
        stages = [order.index(stage) for stage, _on in deal.steps]
        dates = [on for _stage, on in deal.steps]
        assert stages == sorted(stages)
        assert dates == sorted(dates)
        assert (deal.closed_on is None) == (deal.next_step != "")
        assert (deal.stage == "lost") == (deal.lost_reason != "")
        assert deal.amount > 0


def test_contracts_are_won_deals_and_are_never_overpaid(small: Department) -> None:
    assert [contract.deal for contract in small.contracts] == sorted(
        (number for number, deal in enumerate(small.deals) if deal.stage == "won"),
        key=lambda number: (small.deals[number].steps[-1][1], number),
    )
    paid: Counter[int] = Counter()
    for payment in small.payments:
        paid[payment.contract] += int(payment.amount_without_vat * 100)
    assert all(0 <= paid[number] <= int(contract.amount * 100) for number, contract in enumerate(small.contracts))
    assert len({contract.number for contract in small.contracts}) == len(small.contracts)


def test_refunds_go_back_after_their_payment_and_at_most_all_of_it() -> None:
    made = generate(Setting(TODAY, seed=3, size=0.3, language="ru"))
    refunds = [payment for payment in made.payments if payment.refund_of is not None]
    assert refunds
    for refund in refunds:
        assert refund.refund_of is not None
        payment = made.payments[refund.refund_of]
        assert refund.paid_on > payment.paid_on
        assert Decimal(0) < -refund.amount <= payment.amount
        assert refund.contract == payment.contract


def test_card_comes_before_the_first_call(small: Department) -> None:
    carded: dict[int, date] = {}
    for card in small.cards:
        carded.setdefault(card.company, card.prepared_on)
    first: dict[int, date] = {}
    for call in small.calls:
        if small.people[call.person].places[0].role == "telesales":
            first.setdefault(call.company, call.at.date())
    start = min(first.values())
    late = [company for company, on in first.items() if on > start and carded.get(company, on) >= on]
    assert late == []


def test_lists_wait_for_today(small: Department) -> None:
    waiting = [entry for entry in small.entries if entry.state == "waiting"]
    assert len({entry.company for entry in small.entries}) == len(small.entries)
    now = SMALL.at(TODAY, 23)
    assert sum(entry.not_before is None or entry.not_before <= now for entry in waiting) >= 10
    clients = {deal.company for deal in small.deals if deal.stage == "won"}
    assert not clients & {entry.company for entry in waiting}


def test_phones_and_addresses_belong_to_nobody() -> None:
    for language, pattern in (("en", r"\+1 \d{3} 555 01\d\d"), ("ru", r"\+7 \d{3} 000-\d{4}")):
        made = generate(Setting(TODAY, size=0.02, language=language))
        assert all(re.fullmatch(pattern, contact.phone) for contact in made.contacts)
        assert all(contact.email.endswith(".example") for contact in made.contacts)
        assert all(company.website.endswith(".example") for company in made.companies)
        assert len({company.name for company in made.companies}) == len(made.companies)
