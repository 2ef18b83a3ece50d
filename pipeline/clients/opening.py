"""Opening contacts' details: one on purpose, or those that a page shows at once."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.access.reveal import Budget, Opened, open_at_once, reveal_contact
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


def show_contacts(*, actor: User, contacts: Iterable[Contact], budget: Budget | None = None) -> Opened:
    """Open what a page is about to show whole, as far as the actor's budget reaches; where nothing is written, nothing opens.

    Args:
        actor: Whose budget it counts against.
        contacts: Read through the scope by the caller, the most important first.
        budget: Locked by the caller, where it has been asked for already.
    """
    known = [contact for contact in contacts if contact.phone or contact.email]
    return open_at_once(actor=actor, contacts=known, budget=budget)
