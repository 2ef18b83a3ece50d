"""Phones and addresses as those see them who have not opened them."""

from __future__ import annotations

DOT = "\N{BULLET}"


def mask_phone(phone: str) -> str:
    """`+7 495 •••••23`: enough to tell two apart, too little to dial."""
    return phone[:5] + DOT * max(0, len(phone) - 7) + phone[-2:] if len(phone) > 7 else DOT * len(phone)


def mask_email(email: str) -> str:
    """`a••••@example.org`; what is no address shows nothing of itself."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}{DOT * max(3, len(name) - 1)}{at}{domain}" if at else DOT * min(len(email), 12)
