"""Every URL of the product is listed, and each role gets from it what its row says."""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

import tests.access as package
from accounts.models import User
from accounts.roles import Role
from salesys.db.organisation import forget_organisation
from tests.access.rows import Row, gather
from tests.access.urls import addresses, unknown_names, unlisted
from tests.personas import Persona, PersonaCompany, make_company

MODULES = [
    importlib.import_module(f"tests.access.{module.name}")
    for module in pkgutil.iter_modules(package.__path__)
    if module.name.startswith("matrix_")
]
ROWS = gather(MODULES)


def test_every_url_is_listed_in_the_matrix() -> None:
    missing = unlisted(ROWS)
    assert not missing, "Add rows to tests/access/matrix_<street>.py for: " + ", ".join(sorted(map(str, missing)))


def test_rows_name_urls_that_exist() -> None:
    assert unknown_names(ROWS) == []


def test_rows_tell_each_other_apart() -> None:
    names = [str(row) for row in ROWS]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_url_that_is_not_listed_is_found() -> None:
    planted = URLResolver(RegexPattern(r"^"), [path("planted/<int:pk>/", lambda request: HttpResponse(), name="planted")])
    assert [str(address) for address in unlisted(ROWS, addresses(planted))] == ["planted"]


@dataclass(frozen=True, slots=True)
class Everybody:
    """The company, and the session of each of its people: key of the user -> key of the session."""

    company: PersonaCompany
    sessions: dict[int, str]


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: Any) -> Iterator[Everybody]:
    """One company for all rows, everybody signed in once; each test works in a transaction within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_company()
        people = [persona for persona in vars(made).values() if isinstance(persona, Persona)]
        yield Everybody(made, {one.user.pk: one.client.cookies[settings.SESSION_COOKIE_NAME].value for one in people})
        transaction.set_rollback(True)
    forget_organisation()


@pytest.fixture
def company(everybody: Everybody, db: None) -> Iterator[PersonaCompany]:
    """The company as it was made: no row sees what another did to its people."""
    yield copy.deepcopy(everybody.company)
    forget_organisation()


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks a row's URL on somebody's behalf."""

    row: Row
    path: str
    data: Any
    sessions: dict[int, str]

    def __call__(self, user: User | None) -> HttpResponse:
        """One request in a transaction of its own that leaves nothing behind."""
        browser = Client()
        with transaction.atomic():
            if user is not None:
                browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[user.pk]
            response: HttpResponse = getattr(browser, self.row.method)(self.path, headers=dict(self.row.headers), **self.body)
            if getattr(response, "streaming", False):
                b"".join(response.streaming_content)  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        if user is not None:
            # What the request changed in the session is undone in the database, not in the cache
            session = SessionStore(self.sessions[user.pk])
            session._cache.delete(session.cache_key)  # type: ignore[attr-defined]
        return response

    @property
    def body(self) -> dict[str, Any]:
        """What the request carries."""
        is_json = self.path.startswith("/api/") or self.row.content_type == "application/json"
        if is_json and self.row.method not in {"get", "delete"}:
            return {"data": json.dumps(self.data), "content_type": "application/json"}
        return {"data": self.data} if self.data else {}


Ask = Callable[[Row], Asking]


@pytest.fixture
def ask(everybody: Everybody, company: PersonaCompany) -> Ask:
    """Makes what a row needs and asks its URL."""
    return lambda row: Asking(row, row.path(company), dict(row.data(company)), everybody.sessions)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_its_status(row: Row, company: PersonaCompany, ask: Ask) -> None:
    asked = ask(row)
    wanted = {role.value: row.status(role) for role in Role}
    found = {role.value: asked(company.by_role(role).user).status_code for role in Role}
    assert found == wanted


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_is_not_signed_in_is_sent_to_sign_in(row: Row, ask: Ask) -> None:
    asked = ask(row)
    response = asked(None)
    wanted = row.anonymous if row.anonymous is not None else 401 if asked.path.startswith("/api/") else 302
    assert response.status_code == wanted
    if row.anonymous is None and wanted == 302:
        assert response["Location"].startswith(resolve_url(settings.LOGIN_URL))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_stands_nowhere_today_gets_no_more_than_a_role(row: Row, company: PersonaCompany, ask: Ask) -> None:
    status = ask(row)(company.unassigned.user).status_code
    assert status < 500
    if row.unassigned is not None:
        assert status == row.unassigned
