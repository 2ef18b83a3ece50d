"""Opening a contact's details."""

from __future__ import annotations

from accounts.access.reveal import Budget, reveal_contact
from accounts.people.models import User
from pipeline.clients.models import Contact


def open_contact(*, actor: User, contact: Contact) -> Budget:
    """Open phone and e-mail of a contact for the rest of the day; opened already changes nothing.

    Args:
        actor: Whose budget it counts against.
        contact: Read through the scope by the caller.

    Raises:
        NotAllowed: The actor's budget is spent.
    """
    return reveal_contact(actor=actor, contact=contact)
