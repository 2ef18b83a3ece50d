"""Forms that move money: one that is sent twice is done once, and both times lead to the same place.

The page draws a random value into the form, and what was done under it is kept beside the answers of REST (`idempotency`):
the lock, the deed and the kept place are one transaction. It is for a second press of the button, a page that is loaded again
and a network that repeats.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import Conflict, Issue
from salesys.rest.models import KeptResponse
from salesys.shell.forms import ShellForm

LONGEST_PATH = 200


def new_token() -> str:
    """A value that no other drawn form has."""
    return secrets.token_urlsafe(18)


class OnceForm(ShellForm):
    """A form that does one deed, however often it is sent."""

    once = forms.CharField(max_length=64, required=False, initial=new_token, widget=forms.HiddenInput({"autocomplete": "off"}))

    def content(self) -> str:
        """What was typed, as a digest."""
        typed = {name: self[name].data for name in self.fields if name != "once"}
        return hashlib.sha256(json.dumps(typed, sort_keys=True, default=str).encode()).hexdigest()

    def renew(self) -> None:
        """Let the form, drawn again with what was typed, be another deed."""
        self.data: Any = self.data.copy()
        self.data[self.add_prefix("once")] = new_token()


@dataclass(frozen=True, slots=True)
class Sent:
    """The address that a form led to, and whether this call did the deed."""

    url: str
    is_new: bool


def send_once(request: HttpRequest, form: OnceForm, deed: Callable[[], Sent]) -> Sent:
    """Do what a valid form asks for, or answer with what was done when it came first.

    A form without a value, as a script sends it, is done each time.

    Raises:
        Conflict: The form came before with other content; it gets a new value, so that sending it again does this as well.

    Locks: the form's value, until the transaction ends.
    """
    token, user_id, route = form.cleaned_data["once"], int(request.user.pk or 0), request.path[:LONGEST_PATH]
    if not token:
        return deed()
    with transaction.atomic():
        lock_until_commit(f"form:{user_id}:{route}:{token}")
        kept: KeptResponse | None = KeptResponse.all_rows.filter(user=user_id, route=route, key=token).first()
        if kept is None:
            sent = deed()
            KeptResponse.all_rows.create(
                user_id=user_id,
                route=route,
                key=token,
                body_hash=form.content(),
                status=302,
                headers={"Location": sent.url},
            )
            return sent
    if kept.body_hash != form.content():
        form.renew()
        problem = _("This form was sent before with other content, and that is recorded.")
        remedy = _("Look at what is recorded first. Send the form again to record this as well.")
        raise Conflict(Issue("form_sent", problem, remedy=remedy))
    return Sent(kept.headers["Location"], is_new=False)
