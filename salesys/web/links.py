"""Addresses of the streets' pages, as far as they are installed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The page's address, or an empty string where its street has no such page: the text is shown without a link."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def listed(name: str, **query: object) -> str:
    """The address of a list narrowed to the rows behind a figure; what is None or empty is left out."""
    path, text = address(name), urlencode({key: value for key, value in query.items() if value not in (None, "")})
    return f"{path}?{text}" if path and text else path
