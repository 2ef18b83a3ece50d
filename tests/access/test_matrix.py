"""Every URL of the product is listed, and each role gets from it what its row says."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

import tests.access as package
from accounts.models import User
from accounts.roles import Role
from tests.access.rows import Row, gather
from tests.access.urls import addresses, unknown_names, unlisted
from tests.personas import PersonaCompany

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


def ask(row: Row, path: str, user: User | None, data: Any) -> HttpResponse:
    """One request in a transaction of its own that leaves nothing behind."""
    browser = Client()
    with transaction.atomic():
        if user is not None:
            browser.force_login(user)
        is_api = path.startswith("/api/")
        body: dict[str, Any] = {"data": dict(data)} if data else {}
        if body and (is_api or row.content_type == "application/json"):
            body = {"data": json.dumps(data), "content_type": "application/json"}
        response: HttpResponse = getattr(browser, row.method)(path, headers=dict(row.headers), **body)
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_its_status(row: Row, company: PersonaCompany) -> None:
    path, data = row.path(company), row.data(company)
    wanted = {role.value: row.status(role) for role in Role}
    found = {role.value: ask(row, path, company.by_role(role).user, data).status_code for role in Role}
    assert found == wanted


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_is_not_signed_in_is_sent_to_sign_in(row: Row, company: PersonaCompany) -> None:
    path, data = row.path(company), row.data(company)
    response = ask(row, path, None, data)
    wanted = row.anonymous if row.anonymous is not None else 401 if path.startswith("/api/") else 302
    assert response.status_code == wanted
    if row.anonymous is None and wanted == 302:
        assert response["Location"].startswith(resolve_url(settings.LOGIN_URL))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_stands_nowhere_today_gets_no_more_than_a_role(row: Row, company: PersonaCompany) -> None:
    path, data = row.path(company), row.data(company)
    status = ask(row, path, company.unassigned.user, data).status_code
    assert status < 500
    if row.unassigned is not None:
        assert status == row.unassigned
