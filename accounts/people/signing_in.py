"""Sign-in by e-mail: what the library leaves to the product. Nobody signs up; every attempt is in the audit trail."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from kombu.exceptions import OperationalError

from accounts.access.audit import record
from accounts.access.masking import mask_email
from accounts.people.models import User
from accounts.people.services import change_password
from accounts.people.tasks import send_letter

log = structlog.get_logger()


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up and writes sign-ins, failures and sign-outs into the audit trail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are hired, they do not register."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """After the sign-in, only to a page of this site: `next` is what a stranger may have written."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failures are counted by: the account alone.

        The library counts by the name of the site, too, and takes it from the header Host, whose port anybody may write: each
        port would give an account five more guesses.
        """
        return str(credentials.get("email") or credentials.get("username") or "").lower()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A closed account fails as a wrong password does, so that nobody learns which addresses exist."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong e-mail or password. What was typed is kept whole only when it is somebody's address: people type their
        password into the wrong field.
        """
        email = str(credentials.get("email") or credentials.get("username") or "")[:254].lower()
        with transaction.atomic():
            user = User.objects.filter(email=email).first()
            record(actor=None, action="sign_in.failed", obj=user, after={"email": email if user else mask_email(email)})

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign the user in, and say so in the same transaction."""
        with transaction.atomic():
            super().login(request, user)
            record(actor=user, action="sign_in.succeeded", obj=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and say so."""
        user = request.user
        with transaction.atomic():
            if not isinstance(user, AnonymousUser):
                record(actor=User.objects.get(pk=user.pk), action="sign_in.ended", obj=user)
            super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave the letter to the worker: how long a mail server takes, or that it is down, would tell who has an account."""
        shown = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        letter = self.render_mail(template_prefix, email, shown)
        values = (letter.subject, letter.body, letter.from_email, letter.to)
        try:
            # The worker's log repeats what a job was called with: the link in the letter lets whoever reads it in
            send_letter.apply_async(values, argsrepr="(...)")  # type: ignore[call-arg]  # not in the stubs
        except OperationalError:
            log.exception("letter not queued", template=template_prefix)

    def set_password(self, user: User, password: str) -> None:
        """On one's own page, or by a link that was mailed or shown to somebody: the trail tells them apart."""
        match = self.request.resolver_match
        is_by_link = match is not None and match.url_name == "account_reset_password_from_key"
        change_password(actor=None if is_by_link else user, user=user, password=password)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what is news: that one is signed in or out, one sees."""
        template = str(kwargs.get("message_template") or (args[0] if args else ""))
        if "logged" not in template:
            super().add_message(request, level, *args, **kwargs)
