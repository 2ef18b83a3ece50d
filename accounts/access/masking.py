"""Phones and addresses as those see them who have not opened them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DOT = "\N{BULLET}"


HIDDEN_DIGITS, ENDING = 5, 2
"""Numbers of small countries are short: fewer hidden digits would be dialled through in an afternoon."""
SHORT_NAME = 3
"""An address of so few letters before the sign is guessed from its first one."""


def mask_phone(phone: str) -> str:
    """`+7 495 •••••23`: enough to tell two apart, too little to dial."""
    begin = min(5, len(phone) - HIDDEN_DIGITS - ENDING)
    return phone[:begin] + DOT * (len(phone) - begin - ENDING) + phone[-ENDING:] if begin > 0 else DOT * len(phone)


def mask_email(email: str) -> str:
    """`a••••@example.org`; what is no address shows nothing of itself."""
    name, at, domain = email.partition("@")
    first = name[:1] if len(name) > SHORT_NAME else ""
    return f"{first}{DOT * max(3, len(name) - len(first))}{at}{domain}" if at else DOT * min(len(email), 12)


MASKS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("pipeline.contact", "phone"): mask_phone,
    ("pipeline.contact", "email"): mask_email,
}
"""Fields of rows whose values nobody reads in full but by opening them: kind of row and field -> its mask."""


def masked(kind: str, name: str, value: object) -> object:
    """A value as those may keep and show it who open nothing; what is masked already stays as it is."""
    mask = MASKS.get((kind, name))
    return mask(value) if mask is not None and isinstance(value, str) else value
