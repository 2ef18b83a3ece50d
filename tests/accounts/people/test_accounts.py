"""Hiring and sign-ins: addresses, invitations, and nobody taking over an account that is in use."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AuditEvent, Employee, User
from accounts.people.services import hire_employee, invitation_path, open_account
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from tests.personas import PersonaCompany


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    (issue,) = error.value.issues
    return issue.code, issue.field


def test_a_person_is_hired_with_a_sign_in(company: PersonaCompany) -> None:
    made = hire_employee(
        actor=company.hr.user, full_name="  Petra  Palm ", hired_on=date(2026, 3, 2), code="77", email="Petra@Example.org"
    )
    made.refresh_from_db()
    assert (made.full_name, made.hired_on, made.code) == ("Petra Palm", date(2026, 3, 2), "77")
    assert made.user is not None
    assert (made.user.email, made.user.has_usable_password()) == ("petra@example.org", False)
    actions = list(AuditEvent.all_rows.order_by("pk").values_list("action", "actor"))
    assert actions == [("employee.hired", company.hr.user.pk), ("account.opened", company.hr.user.pk)]


@pytest.mark.parametrize(
    ("values", "issue"),
    [
        ({"full_name": " "}, ("no_name", "full_name")),
        ({"full_name": "Petra", "code": "seller"}, ("code_taken", "code")),
        ({"full_name": "Petra", "email": "seller@example.org"}, ("email_taken", "email")),
        ({"full_name": "Petra", "email": "not an address"}, ("not_an_email", "email")),
    ],
)
def test_a_wrong_hiring_leaves_nobody(company: PersonaCompany, values: dict[str, str], issue: tuple[str, str]) -> None:
    before = (Employee.all_rows.count(), User.objects.count())
    with pytest.raises(InvalidInput) as error:
        hire_employee(actor=None, hired_on=date(2026, 3, 2), **values)
    assert refused(error) == issue
    assert (Employee.all_rows.count(), User.objects.count()) == before
    assert not AuditEvent.all_rows.exists()


def test_an_invitation_sets_the_first_password_once(company: PersonaCompany) -> None:
    made = hire_employee(actor=None, full_name="Petra", hired_on=date(2026, 3, 2), email="petra@example.org")
    assert made.user is not None
    path = invitation_path(actor=company.administrator.user, user=made.user)
    browser = Client()
    form = browser.get(path, follow=True)
    secret = "long-harbour-wall-9"
    browser.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})
    made.user.refresh_from_db()
    assert made.user.check_password(secret)
    again = Client().get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_who_has_signed_in_gets_no_invitation_to_show(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.seller.user.pk).update(last_login=clock.now())
    company.seller.user.refresh_from_db()
    with pytest.raises(InvalidInput) as error:
        invitation_path(actor=company.administrator.user, user=company.seller.user)
    assert refused(error)[0] == "signed_in_before"
    assert not AuditEvent.all_rows.exists()


def test_a_new_address_ends_the_sessions_and_tells_the_old_one(
    company: PersonaCompany, django_capture_on_commit_callbacks: object
) -> None:
    browser = company.seller.client
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        open_account(actor=company.administrator.user, employee=company.seller.employee, email="sergei@example.org")
    assert browser.get("/profile/").status_code == 302
    assert [message.to for message in mail.outbox] == [["seller@example.org"]]
    assert "sergei@example.org" not in mail.outbox[0].body
    changes = AuditEvent.all_rows.get(action="account.changed").changes
    assert changes == {"email": ["seller@example.org", "sergei@example.org"]}


def test_the_administrator_does_not_take_over_the_owners_account(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.owner.user.pk).update(last_login=clock.now())
    path = f"/people/{company.owner.employee.pk}/account/"
    assert company.administrator.client.post(path, {"email": "mine@example.org"}).status_code == 404
    assert User.objects.get(pk=company.owner.user.pk).email == "owner@example.org"
    assert company.owner.client.post(path, {"email": "new@example.org"}).status_code == 302
    assert User.objects.get(pk=company.owner.user.pk).email == "new@example.org"


def test_the_administrator_makes_nobody_an_owner(company: PersonaCompany) -> None:
    path = f"/people/{company.unassigned.employee.pk}/place/"
    data = {"from_on": clock.today().isoformat(), "department": company.root.pk, "role": "owner", "direction": "", "manager": ""}
    assert company.administrator.client.post(path, data).status_code == 403
    assert company.hr.client.post(path, data).status_code == 403
    assert not company.unassigned.employee.assignments.exists()
    assert company.owner.client.post(path, {**data, "role": "seller"}).status_code == 302
    assert company.unassigned.employee.assignments.get().role == "seller"


def test_the_administrator_does_not_move_themselves(company: PersonaCompany) -> None:
    path = f"/people/{company.administrator.employee.pk}/place/"
    data = {
        "from_on": clock.today().isoformat(),
        "department": company.sales.pk,
        "role": "seller",
        "direction": "",
        "manager": "",
    }
    assert company.administrator.client.post(path, data).status_code == 404
    assert company.administrator.employee.assignments.get().role == "administrator"


def test_who_signs_in_is_called_by_name(company: PersonaCompany) -> None:
    assert company.seller.user.person_name == company.seller.employee.full_name
    assert User(email="nobody@example.com").person_name == "nobody@example.com"
