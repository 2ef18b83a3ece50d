"""Opening contacts: one by one, within a budget, and the head hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from accounts.access.budgets import DEFAULT, DEFAULTS, allowed_for, set_budget
from accounts.access.masking import mask_email, mask_phone
from accounts.access.models import MOST_PER_DAY, MOST_PER_MONTH
from accounts.access.reveal import budget_of, open_at_once, reveal_contact
from accounts.models import AuditEvent, BudgetNotice, ContactReveal
from accounts.roles import Role
from pipeline.models import Contact
from salesys.db import clock
from salesys.db.organisation import forget_organisation
from salesys.kernel.errors import InvalidInput, NotAllowed, NotVisible
from tests.factories import ContactFactory, RelationshipFactory
from tests.personas import Persona, PersonaCompany, make_company


def contacts_of(persona: Persona, count: int) -> list[Contact]:
    """Contacts of one client that the persona holds."""
    company = RelationshipFactory(employee=persona.employee).company
    return [ContactFactory(company=company) for _ in range(count)]


def test_each_contact_counts_once_a_day(company: PersonaCompany) -> None:
    one, other = contacts_of(company.seller, 2)
    for contact in (one, one, other, one):
        budget = reveal_contact(actor=company.seller.user, contact=contact)
    assert (budget.day_used, budget.month_used) == (2, 2)
    assert ContactReveal.all_rows.filter(user=company.seller.user, on=clock.today()).count() == 2
    events = AuditEvent.all_rows.filter(action="contact.opened")
    assert sorted(event.object_id or 0 for event in events) == sorted([one.pk, other.pk])
    assert {event.object_type for event in events} == {"pipeline.contact"}


def test_what_one_does_not_see_one_cannot_open(company: PersonaCompany) -> None:
    (contact,) = contacts_of(company.rival_seller, 1)
    with pytest.raises(NotVisible):
        reveal_contact(actor=company.seller.user, contact=contact)
    assert not ContactReveal.all_rows.exists()
    assert not AuditEvent.all_rows.exists()


@pytest.mark.parametrize(("per_day", "per_month"), [(2, 50), (2, 2)])
def test_a_spent_budget_opens_nothing_more(company: PersonaCompany, per_day: int, per_month: int) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=per_day, per_month=per_month)
    one, other, third = contacts_of(company.seller, 3)
    reveal_contact(actor=company.seller.user, contact=one)
    reveal_contact(actor=company.seller.user, contact=other)
    with pytest.raises(NotAllowed) as error:
        reveal_contact(actor=company.seller.user, contact=third)
    (issue,) = error.value.issues
    assert issue.code == "budget_spent"
    assert f"{per_day} a day, {per_month} a month" in issue.problem
    assert set(ContactReveal.all_rows.values_list("contact_id", flat=True)) == {one.pk, other.pk}
    assert AuditEvent.all_rows.get(action="contact.refused").object_id == third.pk
    assert reveal_contact(actor=company.seller.user, contact=one).day_used == 2


def test_the_head_hears_at_four_fifths_and_at_the_end(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=5, per_month=100)
    heard = []
    for contact in contacts_of(company.seller, 5):
        reveal_contact(actor=company.seller.user, contact=contact)
        heard.append(BudgetNotice.all_rows.count())
    assert heard == [0, 0, 0, 1, 2]
    notices: Any = BudgetNotice.all_rows.all()
    spent, warned = notices
    assert (warned.recipient, warned.period, warned.used, warned.allowed, warned.is_spent) == (
        company.head.employee, "day", 4, 5, False,
    )  # fmt: skip
    assert (spent.used, spent.is_spent) == (5, True)
    assert list(BudgetNotice.objects.visible_to(company.head.user)) == [spent, warned]
    assert not BudgetNotice.objects.visible_to(company.rival_head.user).exists()


def test_the_months_budget_warns_too(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=5, per_month=5)
    for contact in contacts_of(company.seller, 4):
        reveal_contact(actor=company.seller.user, contact=contact)
    assert sorted(BudgetNotice.all_rows.values_list("period", flat=True)) == ["day", "month"]
    assert BudgetNotice.all_rows.get(period="month").begins_on == clock.today().replace(day=1)


def test_budgets_are_per_person(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=1, per_month=10)
    (one,), (other,) = contacts_of(company.seller, 1), contacts_of(company.second_seller, 1)
    reveal_contact(actor=company.seller.user, contact=one)
    reveal_contact(actor=company.second_seller.user, contact=other)
    assert budget_of(company.second_seller.user).day_used == 1


def test_what_a_page_shows_at_once_is_opened_as_far_as_the_budget_reaches(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=4, per_month=50)
    contacts = contacts_of(company.seller, 6)
    actor = company.seller.user
    assert open_at_once(actor=actor, contacts=contacts[:2]).refusal is None
    found = open_at_once(actor=actor, contacts=contacts)
    assert found.ids == {contact.pk for contact in contacts[:4]}
    assert found.refusal is not None
    assert found.refusal.code == "budget_spent"
    assert set(ContactReveal.all_rows.values_list("contact_id", flat=True)) == found.ids
    assert set(AuditEvent.all_rows.filter(action="contact.opened").values_list("object_id", flat=True)) == found.ids
    assert BudgetNotice.all_rows.get(is_spent=True).recipient == company.head.employee


def test_what_a_page_could_not_show_is_noted_once_a_day(company: PersonaCompany) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=0, per_month=50)
    contacts = contacts_of(company.seller, 3)
    for _reload in range(3):
        assert open_at_once(actor=company.seller.user, contacts=contacts).ids == frozenset()
    refused = AuditEvent.all_rows.filter(action="contact.refused").values_list("object_id", flat=True)
    assert sorted(key or 0 for key in refused) == sorted(contact.pk for contact in contacts)
    assert not ContactReveal.all_rows.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_opening_many_costs_as_much_as_opening_one(
    company: PersonaCompany, count: int, django_assert_max_num_queries: Any
) -> None:
    contacts, actor = contacts_of(company.seller, count), company.seller.user
    with django_assert_max_num_queries(14):  # savepoints and the viewer among them
        open_at_once(actor=actor, contacts=contacts)
    with django_assert_max_num_queries(4):
        assert open_at_once(actor=actor, contacts=contacts).ids == {contact.pk for contact in contacts}
    assert budget_of(actor).day_used == count


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_budget_far_below_the_base(db: None, role: Role) -> None:
    per_day, per_month = allowed_for(role)
    assert (per_day, per_month) == DEFAULTS.get(role, DEFAULT)
    assert 0 < per_day <= MOST_PER_DAY
    assert per_day <= per_month <= MOST_PER_MONTH


@pytest.mark.parametrize(
    ("role", "per_day", "per_month", "code"),
    [("seller", 10, 9, "month_below_day"), ("seller", -1, 9, "budget_out_of_bounds"), ("pirate", 1, 9, "unknown_role")],
)
def test_a_wrong_budget_changes_nothing(company: PersonaCompany, role: str, per_day: int, per_month: int, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        set_budget(actor=company.owner.user, role=role, per_day=per_day, per_month=per_month)
    assert error.value.issues[0].code == code
    assert allowed_for("seller") == DEFAULTS[Role.SELLER]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def committed(self) -> Iterator[PersonaCompany]:
        yield make_company()
        forget_organisation()

    def test_the_last_contact_of_a_budget_opens_once(self, committed: PersonaCompany) -> None:
        set_budget(actor=None, role=Role.SELLER, per_day=1, per_month=10)
        contacts = contacts_of(committed.seller, 4)
        start = Barrier(4, timeout=60)

        def opener(contact: Contact) -> Callable[[], str]:
            def run() -> str:
                try:
                    start.wait(10)
                    reveal_contact(actor=committed.seller.user, contact=contact)
                except NotAllowed:
                    return "refused"
                finally:
                    connections.close_all()
                return "open"

            return run

        with ThreadPoolExecutor(4) as pool:
            ends = sorted(future.result() for future in [pool.submit(opener(contact)) for contact in contacts])
        assert ends == ["open", "refused", "refused", "refused"]
        assert ContactReveal.all_rows.count() == 1


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+74955550123", "+7495•••••23"),
        ("+35412345", "+3•••••45"),
        ("1234567", "•••••••"),
        ("12345678", "1•••••78"),
        ("1•••••78", "1•••••78"),
        ("", ""),
    ],
)
def test_a_masked_phone_cannot_be_dialled(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("petra@example.org", "p••••@example.org"),
        ("a@example.org", "•••@example.org"),
        ("ab@example.org", "•••@example.org"),
        ("secret-word", "•" * 11),
        ("", ""),
    ],
)
def test_a_masked_address_cannot_be_written_to(email: str, masked: str) -> None:
    assert mask_email(email) == masked
