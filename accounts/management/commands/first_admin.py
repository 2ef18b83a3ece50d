"""Lets the first administrator of an installation in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.access.audit import record
from accounts.people.models import User
from accounts.people.services import invitation_path
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import InvalidInput


class Command(BaseCommand):
    """Creates the first administrator and prints where they set their password."""

    help = "Create the first administrator of an empty installation and print the path that sets the password (once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the administrator's e-mail address")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        lock_until_commit("accounts.first_admin")
        email = options["email"].strip().lower()
        if User.objects.exclude(email=email, last_login__isnull=True).exists():
            raise CommandError(
                "This installation has users already: an administrator opens further accounts on the page “People”."
            )
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_superuser(email)
            record(actor=None, action="account.opened", obj=user, after={"email": email, "first_administrator": True})
        try:
            path = invitation_path(actor=user, user=user)
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Open this path of the site and set a password; it works once, for three days:\n{path}")
