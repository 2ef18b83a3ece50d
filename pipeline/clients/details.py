"""Contact details as a viewer may see them: masked until they are opened, one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.access.masking import mask_email, mask_phone
from pipeline.clients.models import Contact


@dataclass(frozen=True, slots=True)
class Details:
    """A contact as shown; `is_open` tells whether phone and e-mail are whole."""

    pk: int
    full_name: str
    position: str
    is_decision_maker: bool
    note: str
    phone: str
    email: str
    is_open: bool

    @property
    def has_details(self) -> bool:
        """Whether there is anything to open."""
        return bool(self.phone or self.email)


def details_of(contacts: Iterable[Contact], opened: Collection[int]) -> list[Details]:
    """Contacts as a viewer may see them.

    Args:
        contacts: Within the viewer's scope.
        opened: Ids of contacts that are open to the viewer today.
    """
    return [_details(contact, is_open=contact.pk in opened) for contact in contacts]


def _details(contact: Contact, *, is_open: bool) -> Details:
    return Details(
        contact.pk,
        contact.full_name,
        contact.position,
        contact.is_decision_maker,
        contact.note,
        contact.phone if is_open else mask_phone(contact.phone),
        contact.email if is_open else mask_email(contact.email),
        is_open,
    )
