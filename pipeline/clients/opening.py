"""Opening a contact's details."""

from __future__ import annotations

from django.db import transaction

from accounts.access.audit import record
from accounts.access.models import ContactReveal
from accounts.people.models import User
from pipeline.clients.models import Contact
from salesys.db import clock


@transaction.atomic
def open_contact(*, actor: User, contact: Contact) -> None:
    """Open phone and e-mail of a contact for the rest of the day; opened already changes nothing.

    Args:
        actor: Whose budget it counts against.
        contact: Read through the scope by the caller.
    """
    _row, is_new = ContactReveal.all_rows.get_or_create(
        user=actor, contact_id=contact.pk, on=clock.today(), defaults={"company_id": contact.company_id}
    )
    if is_new:
        record(actor=actor, action="contact.opened", obj=contact, after={"company": contact.company_id})
