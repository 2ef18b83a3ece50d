"""Addresses of the streets' pages, as far as they are installed."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The page's address, or an empty string where its street has no such page: the text is shown without a link."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
