"""Errors that a person can act on: which field, which value, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with an input.

    `problem` and `remedy` are whole sentences for a person: translated already, or marked by `gettext_noop` where the code
    knows no language, and then translated where they are shown;
    `code` is for programs and never changes; `field` is the name in the form, file column or JSON body.
    """

    code: str
    problem: str
    field: str = ""
    value: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.field}={self.value!r}: " if self.field else ""
        return f"{where}{self.problem} {self.remedy}".strip()


class SalesysError(Exception):
    """Base of every error that salesys raises on purpose; carries one or more issues."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__("; ".join(str(issue) for issue in issues))
        self.issues = issues


class InvalidInput(SalesysError):
    """The input cannot be accepted; nothing was written (HTTP 400)."""


class NotVisible(SalesysError):
    """The object is absent or not the viewer's: both look the same (HTTP 404)."""


class NotAllowed(SalesysError):
    """The viewer sees the object but may not do this with it (HTTP 403)."""


class Conflict(SalesysError):
    """The state of the object has moved on; reload and decide again (HTTP 409)."""


def invalid(code: str, problem: str, *, field: str = "", value: object = "", remedy: str = "") -> InvalidInput:
    """Shorthand for an `InvalidInput` with one issue."""
    return InvalidInput(Issue(code, problem, field, str(value), remedy))


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue and leave it as it is: for the kernel and the engines, which know no framework."""
    return text


def raise_if_any(issues: Iterable[Issue]) -> None:
    """Raise one `InvalidInput` that carries all issues, or return when there are none."""
    found = tuple(issues)
    if found:
        raise InvalidInput(*found)
