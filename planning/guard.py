"""Refusals that the services of the street share."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.people.models import User
from salesys.kernel.errors import Issue, NotAllowed


def require(actor: User | None, policy: Callable[[object], bool]) -> None:
    """Raise `NotAllowed` unless the policy lets the actor; the system itself (None) may."""
    if actor is not None and not policy(actor):
        raise NotAllowed(
            Issue("not_your_decision", _("This is decided by somebody else."), remedy=_("Ask the commercial director."))
        )
