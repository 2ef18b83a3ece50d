"""How one person wants the pages: theme, single keys, language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

THEME_COOKIE = "theme"
KEYS_COOKIE = "single_keys"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is one of `THEMES`; `has_single_keys` is off for people whose tools type for them."""

    theme: str = "auto"
    has_single_keys: bool = True


def preferences_of(request: HttpRequest | None) -> Preferences:
    """The signed-in user's own settings, before that the browser's cookie."""
    if request is None:
        return Preferences()
    user = getattr(request, "user", None)
    theme = getattr(user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "auto")
    keys = getattr(user, "has_single_keys", request.COOKIES.get(KEYS_COOKIE, "on") != "off")
    return Preferences(theme if theme in THEMES else "auto", bool(keys))


def language_choices() -> tuple[tuple[str, str], ...]:
    """Code and own name of every language."""
    return tuple((code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES)
