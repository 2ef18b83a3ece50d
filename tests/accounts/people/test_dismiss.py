"""The seller who leaves on Friday: nothing opens for them any more, and nothing of theirs hangs in the air."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.access.tokens import issue_token, token_of
from accounts.models import ApiToken, Assignment, AuditEvent, Employee, Pair, User
from accounts.people.services import dismiss_employee, end_due_accounts, end_sessions
from accounts.roles import Role
from accounts.structure.assigning import assign_employee
from accounts.structure.placement import Placement
from pipeline.models import Company
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from tests.factories import AssignmentFactory, RelationshipFactory
from tests.personas import PASSWORD, START, PersonaCompany


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    (issue,) = error.value.issues
    return issue.code, issue.field


def is_signed_in(browser: Client) -> bool:
    """Whether the browser still gets a page of its own."""
    return browser.get("/profile/").status_code == 200


def test_sessions_and_tokens_end_at_once(company: PersonaCompany) -> None:
    seller = company.seller
    RelationshipFactory(employee=seller.employee)
    browser, secret = seller.client, issue_token(actor=None, user=seller.user, name="laptop", scopes=["companies:read"]).text
    assert is_signed_in(browser)
    assert token_of(secret) is not None
    assert Company.objects.visible_to(seller.user).count() == 1
    dismiss_employee(actor=company.hr.user, employee=seller.employee, from_on=clock.today())
    assert not is_signed_in(browser)
    assert token_of(secret) is None
    user = User.objects.get(pk=seller.user.pk)
    assert not user.is_active
    assert Company.objects.visible_to(user).count() == 0
    assert Client().get("/api/v1/companies/", headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_the_password_opens_nothing_afterwards(company: PersonaCompany) -> None:
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=clock.today())
    browser = Client()
    response = browser.post("/account/login/", {"login": "seller@example.org", "password": PASSWORD})
    assert response.status_code == 200
    assert not is_signed_in(browser)
    assert AuditEvent.all_rows.filter(action="sign_in.failed", object_id=company.seller.user.pk).count() == 1


def test_assignments_and_pairs_end_with_the_person(company: PersonaCompany) -> None:
    today = clock.today()
    planned = Placement(company.second_sales, Role.TELESALES)
    assign_employee(actor=None, employee=company.rival_telesales.employee, placement=planned, from_on=today + timedelta(days=30))
    dismiss_employee(
        actor=company.hr.user, employee=company.rival_telesales.employee, from_on=today, successor=company.telesales.employee
    )
    rows = Assignment.all_rows.filter(employee=company.rival_telesales.employee)
    assert [(row.valid_from, row.valid_to) for row in rows] == [(START, today)]
    pair = Pair.all_rows.get(telesales=company.rival_telesales.employee)
    assert (pair.valid_from, pair.valid_to) == (START, today)
    event = AuditEvent.all_rows.get(action="employee.dismissed")
    assert event.changes == {"dismissed_on": [None, today.isoformat()], "successor": [None, company.telesales.employee.pk]}


def test_those_who_report_to_the_person_get_the_successor(company: PersonaCompany) -> None:
    today = clock.today()
    dismiss_employee(
        actor=company.hr.user, employee=company.head.employee, from_on=today, successor=company.second_seller.employee
    )
    managers = dict(
        Assignment.all_rows.filter(valid__contains=today, direction=company.machinery).values_list(
            "employee__code", "manager__code"
        )
    )
    assert managers == {
        "seller": "second_seller",
        "second_seller": "director",
        "telesales": "second_seller",
        "client_manager": "second_seller",
        "assistant": "telesales",
    }
    before = Assignment.all_rows.get(employee=company.seller.employee, valid__contains=today - timedelta(days=1))
    assert before.manager == company.head.employee


def test_people_are_not_left_without_a_manager(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        dismiss_employee(actor=company.hr.user, employee=company.head.employee, from_on=clock.today())
    assert refused(error) == ("reports_left", "successor")
    assert "Sergei Sokolov" in error.value.issues[0].problem
    company.head.employee.refresh_from_db()
    assert company.head.employee.dismissed_on is None
    assert company.head.employee.assignments.get().valid_to is None
    assert User.objects.get(pk=company.head.user.pk).is_active
    assert not AuditEvent.all_rows.exists()


def test_the_last_administrator_stays(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        dismiss_employee(actor=company.hr.user, employee=company.administrator.employee, from_on=clock.today())
    assert refused(error) == ("last_administrator", "from_on")
    AssignmentFactory(department=company.office, role=Role.ADMINISTRATOR)
    dismiss_employee(actor=company.hr.user, employee=company.administrator.employee, from_on=clock.today())
    assert not User.objects.get(pk=company.administrator.user.pk).is_active


@pytest.mark.parametrize(("on", "code"), [(START, "before_hiring"), (START - timedelta(days=1), "before_hiring")])
def test_a_dismissal_comes_after_the_hiring(company: PersonaCompany, on: date, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        dismiss_employee(actor=None, employee=company.seller.employee, from_on=on)
    assert refused(error) == (code, "from_on")
    assert Employee.all_rows.get(pk=company.seller.employee.pk).dismissed_on is None


def test_nobody_dismisses_themselves(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        dismiss_employee(actor=company.hr.user, employee=company.hr.employee, from_on=clock.today())
    assert refused(error) == ("dismisses_self", "from_on")


def test_a_dismissal_ahead_takes_effect_on_its_day(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    friday = clock.today() + timedelta(days=3)
    dismiss_employee(actor=company.hr.user, employee=company.seller.employee, from_on=friday)
    assert end_due_accounts() == 0
    assert User.objects.get(pk=company.seller.user.pk).is_active
    monkeypatch.setattr(clock, "today", lambda: friday)
    assert Company.objects.visible_to(company.seller.user).query.is_empty()
    assert end_due_accounts() == 1
    assert end_due_accounts() == 0
    assert not User.objects.get(pk=company.seller.user.pk).is_active


def test_ending_sessions_leaves_the_account_open(company: PersonaCompany) -> None:
    browser, other = company.seller.client, company.rival_seller.client
    end_sessions(actor=company.administrator.user, user=company.seller.user)
    assert not is_signed_in(browser)
    assert is_signed_in(other)
    fresh = Client()
    fresh.post("/account/login/", {"login": "seller@example.org", "password": PASSWORD})
    assert is_signed_in(fresh)
    assert not ApiToken.all_rows.exists()


def test_a_dismissal_is_confirmed_and_nobody_succeeds_themselves(company: PersonaCompany) -> None:
    gone = company.second_seller.employee
    address, day = f"/people/{gone.pk}/dismiss/", str(clock.today() + timedelta(days=1))
    page = company.hr.client.get(f"/people/{gone.pk}/").content.decode()
    offered = page[page.index('name="successor"') : page.index('name="is_certain"')]
    assert f'value="{gone.pk}"' not in offered
    assert f'value="{company.seller.employee.pk}"' in offered
    assert company.hr.client.post(address, {"from_on": day}).status_code == 400
    gone.refresh_from_db()
    assert gone.dismissed_on is None
    assert company.hr.client.post(address, {"from_on": day, "is_certain": "on"}).status_code == 302
    gone.refresh_from_db()
    assert str(gone.dismissed_on) == day
