"""Variables of the environment, read as what they are meant to be; one that is empty counts as one that is not set."""

from __future__ import annotations

import os
from collections.abc import Collection

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """The variable as text."""
    return os.environ.get(name, "").strip() or default


def env_choice(name: str, default: str, choices: Collection[str]) -> str:
    """The variable as one of several words."""
    value = env_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is unknown. Write one of: {', '.join(choices)}.")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    """The variable as a yes or no."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    value = env_text(name).lower()
    if value and value not in words:
        raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no. Write 1 or 0.")
    return words[value] if value else default


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """The variable as a whole number that is `least` or more."""
    value = env_text(name)
    try:
        number = int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name}={value!r} is too small. Write {least} or more.")
    return number


def env_list(name: str) -> list[str]:
    """The variable as a list; commas divide the parts."""
    return [part.strip() for part in env_text(name).split(",") if part.strip()]
