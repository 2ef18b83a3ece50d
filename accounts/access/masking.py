"""Phones and addresses as those see them who have not opened them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DOT = "\N{BULLET}"


def mask_phone(phone: str) -> str:
    """`+7 495 •••••23`: enough to tell two apart, too little to dial."""
    return phone[:5] + DOT * max(0, len(phone) - 7) + phone[-2:] if len(phone) > 7 else DOT * len(phone)


def mask_email(email: str) -> str:
    """`a••••@example.org`; what is no address shows nothing of itself."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}{DOT * max(3, len(name) - 1)}{at}{domain}" if at else DOT * min(len(email), 12)


MASKS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("pipeline.contact", "phone"): mask_phone,
    ("pipeline.contact", "email"): mask_email,
}
"""Fields of rows whose values nobody reads in full but by opening them: kind of row and field -> its mask."""


def masked(kind: str, name: str, value: object) -> object:
    """A value as those may keep and show it who open nothing; what is masked already stays as it is."""
    mask = MASKS.get((kind, name))
    return mask(value) if mask is not None and isinstance(value, str) else value
