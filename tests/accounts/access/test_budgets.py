"""Budgets for opening contacts: of a role, of a person, never of oneself, never without an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.access.budgets import (
    DEFAULTS,
    OPENING_ROLES,
    allowed_for,
    remove_personal_budget,
    set_budget,
    set_personal_budget,
    warned_at,
)
from accounts.access.queries import Usage, reveal_usage, role_budgets
from accounts.access.reveal import budget_of, reveal_contact
from accounts.models import AuditEvent, BudgetNotice, ContactReveal, Employee, PersonalBudget, RevealBudget, User
from accounts.roles import Role
from salesys.db import clock
from salesys.kernel.errors import InvalidInput, NotAllowed
from tests.factories import ContactFactory, EmployeeFactory, RelationshipFactory
from tests.personas import Persona, PersonaCompany

NOON = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def opened(persona: Persona, today: int, *, earlier: int = 0) -> None:
    """Contacts that the persona opened today and earlier this month."""
    days = [clock.today()] * today + [clock.today() - timedelta(days=3)] * earlier
    ContactReveal.all_rows.bulk_create(
        ContactReveal(user=persona.user, contact_id=number, company_id=1, on=on) for number, on in enumerate(days, start=10**9)
    )


def usage(company: PersonaCompany, persona: Persona) -> Usage:
    (row,) = reveal_usage([persona.employee], clock.today(), is_idle_shown=True)
    return row


def test_the_own_budget_stands_in_place_of_the_roles(company: PersonaCompany) -> None:
    owner, seller = company.owner.user, company.seller
    set_budget(actor=owner, role=Role.SELLER, per_day=50, per_month=500)
    set_personal_budget(actor=owner, employee=seller.employee, per_day=3, per_month=7)
    assert allowed_for(Role.SELLER, seller.user.pk) == (3, 7)
    assert allowed_for(Role.SELLER, company.second_seller.user.pk) == (50, 500)
    remove_personal_budget(actor=owner, employee=seller.employee)
    assert allowed_for(Role.SELLER, seller.user.pk) == (50, 500)


def test_the_own_budget_blocks(company: PersonaCompany) -> None:
    set_personal_budget(actor=company.owner.user, employee=company.seller.employee, per_day=1, per_month=1)
    client = RelationshipFactory(employee=company.seller.employee).company
    one, other = ContactFactory(company=client), ContactFactory(company=client)
    reveal_contact(actor=company.seller.user, contact=one)
    with pytest.raises(NotAllowed) as error:
        reveal_contact(actor=company.seller.user, contact=other)
    assert "1 a day, 1 a month" in error.value.issues[0].problem
    assert ContactReveal.all_rows.count() == 1
    assert budget_of(company.seller.user).is_spent


def test_a_budget_that_was_lowered_below_what_is_used_tells_the_head(company: PersonaCompany) -> None:
    opened(company.seller, 6)
    set_personal_budget(actor=company.owner.user, employee=company.seller.employee, per_day=8, per_month=100)
    contact = ContactFactory(company=RelationshipFactory(employee=company.seller.employee).company)
    reveal_contact(actor=company.seller.user, contact=contact)
    assert list(BudgetNotice.all_rows.values_list("recipient", "period", "used", "allowed", "is_spent")) == [
        (company.head.employee.pk, "day", 7, 8, False)
    ]


def test_each_change_is_in_the_trail(company: PersonaCompany) -> None:
    owner, seller = company.owner.user, company.seller.employee
    set_budget(actor=owner, role=Role.SELLER, per_day=50, per_month=500)
    set_personal_budget(actor=owner, employee=seller, per_day=3, per_month=7)
    set_personal_budget(actor=owner, employee=seller, per_day=3, per_month=9)
    remove_personal_budget(actor=owner, employee=seller)
    remove_personal_budget(actor=owner, employee=seller)
    found = AuditEvent.all_rows.order_by("pk").values_list("action", "object_id", "changes")
    row = RevealBudget.objects.get()
    assert list(found) == [
        ("reveal_budget.changed", row.pk, {"role": [None, "seller"], "per_day": [60, 50], "per_month": [800, 500]}),
        ("personal_budget.changed", seller.pk, {"per_day": [None, 3], "per_month": [None, 7]}),
        ("personal_budget.changed", seller.pk, {"per_month": [7, 9]}),
        ("personal_budget.removed", seller.pk, {"per_day": [3, None], "per_month": [9, None]}),
    ]


@pytest.mark.parametrize(
    ("per_day", "per_month", "code", "field"),
    [
        (-1, 10, "budget_out_of_bounds", "per_day"),
        (201, 2000, "budget_out_of_bounds", "per_day"),
        (10, 2001, "budget_out_of_bounds", "per_month"),
        (10, 9, "month_below_day", "per_month"),
    ],
)
def test_a_wrong_figure_changes_nothing(company: PersonaCompany, per_day: int, per_month: int, code: str, field: str) -> None:
    for call in (
        lambda: set_budget(actor=company.owner.user, role=Role.SELLER, per_day=per_day, per_month=per_month),
        lambda: set_personal_budget(
            actor=company.owner.user, employee=company.seller.employee, per_day=per_day, per_month=per_month
        ),
    ):
        with pytest.raises(InvalidInput) as error:
            call()
        (issue,) = error.value.issues
        assert (issue.code, issue.field) == (code, field)
    assert allowed_for(Role.SELLER, company.seller.user.pk) == DEFAULTS[Role.SELLER]
    assert not AuditEvent.all_rows.exists()


@pytest.mark.parametrize("allowed", [(0, 0), (200, 2000)])
def test_the_bounds_themselves_are_allowed(company: PersonaCompany, allowed: tuple[int, int]) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=allowed[0], per_month=allowed[1])
    assert allowed_for(Role.SELLER) == allowed


def test_nobody_sets_the_budget_that_counts_for_themselves(company: PersonaCompany) -> None:
    for persona, role in ((company.owner, Role.OWNER), (company.director, Role.COMMERCIAL_DIRECTOR)):
        with pytest.raises(NotAllowed):
            set_budget(actor=persona.user, role=role, per_day=100, per_month=1000)
        with pytest.raises(NotAllowed):
            set_personal_budget(actor=persona.user, employee=persona.employee, per_day=100, per_month=1000)
        with pytest.raises(NotAllowed):
            remove_personal_budget(actor=persona.user, employee=persona.employee)
    assert not RevealBudget.objects.exists()
    assert not PersonalBudget.all_rows.exists()
    assert not AuditEvent.all_rows.exists()


def test_the_administrator_gives_nobody_more_than_the_role_has(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.owner.user.pk).update(last_login=clock.now())
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=20, per_month=200)
    browser, seller = company.administrator.client, company.seller
    person = f"/contacts-opened/budgets/people/{seller.employee.pk}/"
    for values, field in (({"per_day": 21, "per_month": 200}, "per_day"), ({"per_day": 20, "per_month": 201}, "per_month")):
        page = browser.post(person, values)
        assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    role = "/contacts-opened/budgets/roles/seller/"
    page = browser.post(role, {"per_day": DEFAULTS[Role.SELLER][0] + 1, "per_month": 800})
    assert (page.status_code, "gives more than 60" in page.content.decode()) == (400, True)
    assert allowed_for(Role.SELLER, seller.user.pk) == (20, 200)
    assert AuditEvent.all_rows.count() == 1
    assert browser.post(person, {"per_day": 20, "per_month": 200}).status_code == 302
    assert company.owner.client.post(person, {"per_day": 100, "per_month": 900}).status_code == 302
    assert allowed_for(Role.SELLER, seller.user.pk) == (100, 900)


@pytest.mark.parametrize("name", ["head", "seller", "hr", "accountant", "unassigned"])
def test_others_set_none(company: PersonaCompany, name: str) -> None:
    actor = getattr(company, name).user
    with pytest.raises(NotAllowed):
        set_budget(actor=actor, role=Role.TELESALES, per_day=1, per_month=1)
    with pytest.raises(NotAllowed):
        set_personal_budget(actor=actor, employee=company.second_seller.employee, per_day=1, per_month=1)
    assert not AuditEvent.all_rows.exists()


def test_who_cannot_sign_in_has_no_budget(company: PersonaCompany) -> None:
    nobody = EmployeeFactory(user=None)
    with pytest.raises(NotAllowed):
        set_personal_budget(actor=company.owner.user, employee=nobody, per_day=1, per_month=1)
    assert not PersonalBudget.all_rows.exists()


@pytest.mark.parametrize(("allowed", "warned"), [(0, 0), (1, 1), (5, 4), (10, 8), (11, 9), (40, 32), (60, 48)])
def test_four_fifths_are_rounded_up(allowed: int, warned: int) -> None:
    assert warned_at(allowed) == warned


@pytest.mark.parametrize(
    ("today", "earlier", "tones"),
    [
        (0, 0, ("good", "good")),
        (7, 0, ("good", "good")),
        (8, 0, ("warning", "good")),
        (10, 5, ("bad", "good")),
        (8, 8, ("warning", "warning")),
        (4, 16, ("good", "bad")),
    ],
)
def test_four_fifths_and_the_whole_are_marked(company: PersonaCompany, today: int, earlier: int, tones: tuple[str, str]) -> None:
    set_budget(actor=company.owner.user, role=Role.SELLER, per_day=10, per_month=20)
    opened(company.seller, today, earlier=earlier)
    row = usage(company, company.seller)
    assert (row.day_used, row.month_used) == (today, today + earlier)
    assert (row.day_tone, row.month_tone) == tones


def test_roles_are_those_that_open_contacts(db: None) -> None:
    assert set(OPENING_ROLES) == {
        Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.INDUSTRY_HEAD, Role.SELLER, Role.CLIENT_MANAGER, Role.VIP_MANAGER,
        Role.BASE_MANAGER, Role.ACCOUNTANT, Role.TELESALES, Role.ASSISTANT,
    }  # fmt: skip
    found = {row.role: (row.per_day, row.per_month, row.is_set) for row in role_budgets()}
    assert (found["owner"], found["seller"], found["accountant"]) == ((30, 300, False), (60, 800, False), (40, 400, False))
    assert (found["telesales"], found["assistant"]) == ((150, 2_000, False), (120, 1_500, False))


def test_the_page_shows_usage_and_marks_who_is_near_the_end(company: PersonaCompany) -> None:
    set_personal_budget(actor=company.owner.user, employee=company.seller.employee, per_day=5, per_month=50)
    set_personal_budget(actor=company.owner.user, employee=company.rival_seller.employee, per_day=2, per_month=50)
    opened(company.seller, 4)
    opened(company.rival_seller, 2)
    opened(company.second_seller, 3)
    page = company.administrator.client.get("/contacts-opened/budgets/")
    rows = [
        (row.employee.full_name, row.day_used, row.day_allowed, row.day_tone, row.is_own) for row, _may in page.context["rows"]
    ]
    assert rows[:3] == [
        ("Rita Rossi", 2, 2, "bad", True),
        ("Sergei Sokolov", 4, 5, "warning", True),
        ("Sofia Stern", 3, 60, "good", False),
    ]
    text = page.content.decode()
    assert text.count("nearly spent") == 1
    assert text.count(">spent<") == 1
    assert "Tatiana Titova" in text
    found = company.administrator.client.get("/contacts-opened/budgets/", {"q": "stern"}, headers={"HX-Request": "true"})
    assert "<html" not in found.content.decode()
    assert [row.employee.full_name for row, _may in found.context["rows"]] == ["Sofia Stern"]


def test_those_who_have_left_are_not_listed(company: PersonaCompany) -> None:
    Employee.all_rows.filter(pk=company.seller.employee.pk).update(dismissed_on=clock.today())
    text = company.owner.client.get("/contacts-opened/budgets/").content.decode()
    assert "Sergei Sokolov" not in text
    assert company.owner.client.get(f"/contacts-opened/budgets/people/{company.seller.employee.pk}/").status_code == 404


def test_budgets_are_set_on_their_pages(company: PersonaCompany) -> None:
    browser, seller = company.administrator.client, company.seller
    role, person = "/contacts-opened/budgets/roles/seller/", f"/contacts-opened/budgets/people/{seller.employee.pk}/"
    assert 'value="60"' in browser.get(role).content.decode()
    assert browser.post(role, {"per_day": 20, "per_month": 200}).status_code == 302
    assert 'value="20"' in browser.get(person).content.decode()
    assert browser.post(person, {"per_day": 5, "per_month": 50}).status_code == 302
    assert allowed_for(Role.SELLER, seller.user.pk) == (5, 50)
    assert "budget count again" in browser.get(person).content.decode()
    assert browser.post(f"{person}remove/").status_code == 302
    assert allowed_for(Role.SELLER, seller.user.pk) == (20, 200)
    assert "budget count again" not in browser.get(person).content.decode()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"per_day": "10", "per_month": "9"}, "Use at least 10."),
        ({"per_day": "many", "per_month": "9"}, "whole number"),
        ({"per_day": "10", "per_month": "9999"}, "2000"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(company: PersonaCompany, values: dict[str, str], text: str) -> None:
    for path in ("roles/seller", f"people/{company.seller.employee.pk}"):
        response = company.owner.client.post(f"/contacts-opened/budgets/{path}/", values)
        assert response.status_code == 400
        assert text in response.content.decode()
    assert not RevealBudget.objects.exists()
    assert not PersonalBudget.all_rows.exists()


def test_own_budgets_have_no_page(company: PersonaCompany) -> None:
    owner = company.owner
    for path in ("roles/owner", f"people/{owner.employee.pk}", "roles/pirate", "roles/hr"):
        for answer in (
            owner.client.get(f"/contacts-opened/budgets/{path}/"),
            owner.client.post(f"/contacts-opened/budgets/{path}/"),
        ):
            assert answer.status_code == 404
    assert "/roles/owner/" not in owner.client.get("/contacts-opened/budgets/").content.decode()


def test_the_page_is_in_the_menu_of_those_who_may(company: PersonaCompany) -> None:
    for name, is_there in (("owner", True), ("administrator", True), ("head", False), ("hr", False)):
        page = getattr(company, name).client.get("/profile/").content.decode()
        assert ("/contacts-opened/budgets/" in page) is is_there, name
