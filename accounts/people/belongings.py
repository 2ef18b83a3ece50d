"""What hangs on a person in the streets above (clients, above all): accounts may not import them, so they register here.

A street registers once, when Django starts. When somebody is dismissed, each begins to give away what they hold; the page of the
person asks each what is still theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from accounts.people.models import Employee, User


@dataclass(frozen=True, slots=True)
class Left:
    """What is still a person's: in words, and where the viewer gives it away (empty when that is not theirs to do)."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Belongings:
    """One street's answers.

    Attributes:
        start: Called in the transaction of a dismissal, with the actor, the person and the first day no longer employed.
        left: What is still a person's, as the viewer may know it; None when nothing is.
    """

    start: Callable[[User | None, Employee, date], None]
    left: Callable[[object, Employee], Left | None]


_registered: dict[str, Belongings] = {}


def register_belongings(name: str, belongings: Belongings) -> None:
    """Ask `belongings` from now on; the same name again replaces what was registered under it."""
    _registered[name] = belongings


def start_giving_away(actor: User | None, employee: Employee, from_on: date) -> None:
    """Let every street begin to give away what the person holds."""
    for belongings in _registered.values():
        belongings.start(actor, employee, from_on)


def left_of(viewer: object, employee: Employee) -> list[Left]:
    """What is still the person's, in every street."""
    found = (belongings.left(viewer, employee) for belongings in _registered.values())
    return [left for left in found if left is not None]
