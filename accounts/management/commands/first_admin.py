"""Lets the first administrator of an installation in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.access.audit import record
from accounts.people.models import Employee, User
from accounts.people.services import hire_employee, invitation_path
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import InvalidInput


class Command(BaseCommand):
    """Creates the first administrator, one of the company's people, and prints where they set their password."""

    help = "Create the first administrator of an empty installation and print the path that sets the password (once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the administrator's e-mail address")
        parser.add_argument("--name", default="", help="the administrator's name; by default it is read from the address")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        lock_until_commit("accounts.first_admin")
        email = options["email"].strip().lower()
        if User.objects.exclude(email=email, last_login__isnull=True).exists():
            raise CommandError(
                "This installation has users already: an administrator opens further accounts on the page “People”."
            )
        user = User.objects.filter(email=email).first() or self._open(email)
        try:
            if not Employee.all_rows.filter(user=user).exists():
                self._hire(user, options["name"])
            path = invitation_path(actor=user, user=user)
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Open this path of the site and set a password; it works once, for three days:\n{path}")

    def _open(self, email: str) -> User:
        user = User.objects.create_superuser(email)
        record(actor=None, action="account.opened", obj=user, after={"email": email, "first_administrator": True})
        return user

    def _hire(self, user: User, name: str) -> None:
        """People are placed, signed out and dismissed on their pages: who is none of them could never be."""
        employee = hire_employee(actor=None, full_name=name or name_in(user.email), hired_on=clock.today())
        employee.user = user
        employee.save(update_fields=["user"])


def name_in(email: str) -> str:
    """The name that an address suggests: `ada.adler@company.com` is Ada Adler."""
    words = email.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() for word in words) or email
