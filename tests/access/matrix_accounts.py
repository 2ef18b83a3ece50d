"""What each role gets from the pages of the `accounts` street."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.access.tokens import issue_token
from accounts.roles import HEAD_ROLES, TOP_ROLES, Role
from salesys.db import clock
from tests.access.rows import Row, every, only
from tests.factories import AssignmentFactory, EmployeeFactory
from tests.personas import PersonaCompany

ADMIN = Role.ADMINISTRATOR
KEEPERS = (Role.ADMINISTRATOR, Role.HR)
MASTERS = (*TOP_ROLES, ADMIN)
EVERYWHERE = (*TOP_ROLES, Role.HR, ADMIN, Role.ACCOUNTANT, Role.BASE_MANAGER, Role.MARKETER)


def seller(company: PersonaCompany) -> dict[str, Any]:
    return {"pk": company.seller.employee.pk}


def newcomer(company: PersonaCompany) -> dict[str, Any]:
    return {"pk": AssignmentFactory(department=company.root).employee.pk}


def ahead(company: PersonaCompany) -> dict[str, Any]:
    employee = EmployeeFactory()
    planned = AssignmentFactory(employee=employee, department=company.root, start=clock.today() + timedelta(days=9))
    return {"pk": employee.pk, "assignment_pk": planned.pk}


def token(company: PersonaCompany) -> dict[str, Any]:
    user = company.seller.user
    return {"pk": issue_token(actor=user, user=user, name="1C", scopes=["deals:read"]).token.pk}


ROWS = [
    Row("account_login", every(302), anonymous=200, unassigned=302),
    Row("account_logout", every(), anonymous=302, unassigned=200),
    Row("account_logout", every(302), method="post", anonymous=302, unassigned=302, note="leaves"),
    Row("account_inactive", every(), anonymous=200, unassigned=200),
    Row("account_change_password", every(), unassigned=200),
    Row("account_reset_password", every(), anonymous=200, unassigned=200),
    Row("account_reset_password_done", every(), anonymous=200, unassigned=200),
    Row(
        "account_reset_password_from_key",
        every(),
        kwargs=lambda _company: {"uidb36": "1", "key": "no-such-key"},
        anonymous=200,
        unassigned=200,
    ),
    Row("account_reset_password_from_key_done", every(), anonymous=200, unassigned=200),
    Row("accounts:people", every(), unassigned=200),
    Row("accounts:hire", only(*TOP_ROLES, *KEEPERS)),
    Row("accounts:person", {**only(*EVERYWHERE), Role.INDUSTRY_HEAD: 200, Role.SELLER: 200}, kwargs=seller),
    Row("accounts:place", only(*TOP_ROLES, *KEEPERS, status=400), kwargs=newcomer, method="post", note="without a choice"),
    Row("accounts:correct", only(*TOP_ROLES, *KEEPERS), kwargs=ahead),
    Row("accounts:correct", only(*TOP_ROLES, *KEEPERS, status=400), kwargs=ahead, method="post", note="without a choice"),
    Row("accounts:withdraw", only(*TOP_ROLES, *KEEPERS, status=302), kwargs=ahead, method="post"),
    Row("accounts:pair", only(*KEEPERS, status=400), kwargs=newcomer, method="post", note="without a choice"),
    Row("accounts:dismiss", only(*TOP_ROLES, *KEEPERS, status=400), kwargs=newcomer, method="post", note="without a date"),
    Row("accounts:account", only(ADMIN, *TOP_ROLES, status=400), kwargs=newcomer, method="post", note="without an e-mail"),
    Row("accounts:invite", only(*MASTERS), kwargs=newcomer, method="post"),
    Row("accounts:sign_out", only(*MASTERS, status=302), kwargs=newcomer, method="post"),
    Row("accounts:profile", every(), unassigned=200),
    Row("accounts:sign_out_everywhere", every(302), method="post", unassigned=302),
    Row("accounts:structure", only(*HEAD_ROLES, *KEEPERS)),
    Row("accounts:department_new", only(*MASTERS)),
    Row("accounts:department", only(*MASTERS), kwargs=lambda company: {"pk": company.root.pk}),
    Row("accounts:direction_new", only(*MASTERS)),
    Row("accounts:direction", only(*MASTERS), kwargs=lambda company: {"pk": company.retail.pk}),
    Row("accounts:audit", only(*MASTERS)),
    Row("accounts:tokens", every(), unassigned=200),
    Row("accounts:token_revoke", only(ADMIN, Role.SELLER, status=302), kwargs=token, method="post"),
    Row("accounts:reveals", only(*HEAD_ROLES)),
    Row("accounts:budgets", only(*MASTERS)),
    Row("accounts:role_budget", only(*MASTERS), kwargs=lambda _company: {"role": "seller"}),
    Row(
        "accounts:role_budget",
        only(Role.OWNER, ADMIN),
        kwargs=lambda _company: {"role": "commercial_director"},
        note="of the director",
    ),
    Row("accounts:personal_budget", only(*MASTERS), kwargs=seller),
    Row(
        "accounts:personal_budget",
        only(Role.COMMERCIAL_DIRECTOR, ADMIN),
        kwargs=lambda company: {"pk": company.owner.employee.pk},
        note="of the owner",
    ),
    Row("accounts:personal_budget_remove", only(*MASTERS, status=302), kwargs=seller, method="post"),
    Row("accounts:setup", only(ADMIN)),
    Row("accounts:setup_regional", only(ADMIN)),
    Row("accounts:setup_calendar", only(ADMIN)),
    Row("accounts:setup_departments", only(ADMIN)),
    Row("accounts:setup_directions", only(ADMIN)),
    Row("accounts:setup_people", only(ADMIN)),
    Row("accounts:setup_finish", only(ADMIN, status=302), method="post"),
]
