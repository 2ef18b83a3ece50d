"""Who may sign in to the demo, one person per role: fictitious, at a domain that exists for examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.people.models import Employee
from accounts.roles import Role
from salesys.db import clock

PASSWORD = "demo-northern-vector"  # nosec B105
KEYS = {
    Role.OWNER: "owner",
    Role.COMMERCIAL_DIRECTOR: "director",
    Role.INDUSTRY_HEAD: "head",
    Role.SELLER: "seller",
    Role.TELESALES: "telesales",
    Role.ASSISTANT: "assistant",
    Role.CLIENT_MANAGER: "client-manager",
    Role.VIP_MANAGER: "vip-manager",
    Role.BASE_MANAGER: "base-manager",
    Role.MARKETER: "marketer",
    Role.ACCOUNTANT: "accountant",
    Role.HR: "hr",
    Role.ADMINISTRATOR: "administrator",
}
DOMAIN = "example.com"


@dataclass(frozen=True, slots=True)
class Login:
    """A way in: `shows` is a text that the home page of the person holds."""

    role: str
    role_name: str
    email: str
    password: str
    shows: str


def email_of(role: Role) -> str:
    """The address of the one person who stands for a role."""
    return f"{KEYS[role]}@{DOMAIN}"


def demo_logins() -> tuple[Login, ...]:
    """One sign-in per role, in the order of the levels; 1 SQL statement.

    Empty when the demo is not loaded. Somebody who no longer stands in the role is left out.
    """
    emails = {email_of(role): role for role in KEYS}
    today = clock.today()
    people: Iterable[Employee] = Employee.all_rows.filter(
        user__email__in=emails, user__is_active=True, assignments__valid__contains=today
    ).select_related("user")
    by_role = {emails[person.user.email]: person for person in people if person.user is not None}
    return tuple(
        Login(role.value, str(role.label), email_of(role), PASSWORD, by_role[role].full_name) for role in KEYS if role in by_role
    )
