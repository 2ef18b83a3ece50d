"""One row of the access matrix: a URL, a method, and the status that each role gets.

    ROWS = [
        Row("pipeline:company_list", {**every(200), **no(Role.HR)}),
        Row("pipeline:company", {Role.OWNER: 200, Role.SELLER: 200}, kwargs=lambda company: {"pk": client_of(company.seller).pk}),
        Row("/api/v1/health", every(200), anonymous=200),
    ]

A role that a row does not name gets `otherwise` (404). `docs/access.md` says more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from accounts.roles import Role
from tests.personas import PersonaCompany

Statuses = Mapping[Role, int]
Kwargs = Callable[[PersonaCompany], Mapping[str, Any]]


def _no_kwargs(_company: PersonaCompany) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Row:
    """What each role gets from a URL.

    Attributes:
        url: The name of a URL with its namespace, or a path that begins with `/`.
        statuses: Role -> status.
        kwargs: Makes what the address needs, in the company of `tests/personas.py`, and returns the address's arguments.
        method: `get`, `post`, `put`, `patch` or `delete`.
        data: The body; makes what it needs, like `kwargs`.
        query: The query string without `?`.
        content_type: Of the body; JSON by default under `/api/`.
        headers: More headers.
        otherwise: The status for a role that `statuses` does not name.
        anonymous: The status for who is not signed in: 302 to the sign-in page, or 401 under `/api/`.
        unassigned: The status for who signed in and stands nowhere today; not asked when None, only that it is no fault.
        note: Tells two rows of one URL apart.
    """

    url: str
    statuses: Statuses = field(default_factory=dict)
    kwargs: Kwargs = _no_kwargs
    method: str = "get"
    data: Kwargs = _no_kwargs
    query: str = ""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    otherwise: int = 404
    anonymous: int | None = None
    unassigned: int | None = None
    note: str = ""

    @property
    def is_path(self) -> bool:
        """Whether `url` is a path rather than a name."""
        return self.url.startswith("/")

    def path(self, company: PersonaCompany) -> str:
        """The address, with what it needs made."""
        bare = self.url if self.is_path else reverse(self.url, kwargs=dict(self.kwargs(company)))
        return f"{bare}?{self.query}" if self.query else bare

    def status(self, role: Role) -> int:
        """What the role gets."""
        return self.statuses.get(role, self.otherwise)

    def __str__(self) -> str:
        return " ".join(filter(None, [self.method.upper(), self.url, self.note]))


def every(status: int = 200) -> dict[Role, int]:
    """The same status for every role."""
    return dict.fromkeys(Role, status)


def only(*roles: Role, status: int = 200) -> dict[Role, int]:
    """The status for these roles; the others get what the row says otherwise."""
    return dict.fromkeys(roles, status)


def but(*roles: Role, status: int = 200) -> dict[Role, int]:
    """The status for every role except these."""
    return {role: status for role in Role if role not in roles}


def no(*roles: Role, status: int = 404) -> dict[Role, int]:
    """Takes roles out again: `{**every(), **no(Role.HR)}`."""
    return dict.fromkeys(roles, status)


def gather(modules: Iterable[Any]) -> list[Row]:
    """Every row of the streets' files."""
    return [row for module in modules for row in module.ROWS]
