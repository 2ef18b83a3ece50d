"""Redis is away: who is signed in goes on working, who asks over REST is answered, and the pages of health say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as RedisAway

from accounts.access.tokens import issue_token
from accounts.models import AuditEvent
from tests.personas import PASSWORD, PersonaCompany

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_redis(company: PersonaCompany) -> Iterator[None]:
    """Both caches ask where nobody listens; put right again in the end."""
    found: list[Any] = [caches[name] for name in ("default", "convenience")]
    servers = [each._servers for each in found]
    for each in found:
        each.__dict__.pop("_cache", None)
        each._servers = ["unix:///nowhere/at-all.sock"]
    yield
    for each, before in zip(found, servers, strict=True):
        each.__dict__.pop("_cache", None)
        each._servers = before


def test_redis_is_away(without_redis: None) -> None:
    with pytest.raises(RedisAway):
        cache.get("anything")


def test_who_is_signed_in_goes_on_working(company: PersonaCompany, without_redis: None) -> None:
    for person, path in (
        (company.seller, "/deals/"),
        (company.owner, "/"),
        (company.accountant, "/payments/"),
        (company.head, "/"),
    ):
        assert person.client.get(path).status_code == 200, path


def test_who_signs_in_is_asked_to_wait_and_let_in_by_no_uncounted_password(company: PersonaCompany, without_redis: None) -> None:
    browser = Client()
    assert browser.get("/account/login/").status_code == 200
    for password in (PASSWORD, "wrong"):
        response = browser.post("/account/login/", {"login": company.seller.user.email, "password": password})
        assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
        assert "try again in a minute" in response.content.decode()
        assert settings.SESSION_COOKIE_NAME not in browser.cookies
    assert not AuditEvent.all_rows.filter(action__startswith="sign_in").exists()


def test_programs_are_answered(company: PersonaCompany, without_redis: None) -> None:
    token = issue_token(actor=None, user=company.seller.user, name="reports", scopes=["companies:read"]).text
    assert Client().get("/api/v1/companies/", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_the_pages_of_health_say_so_to_a_browser_with_a_session_too(company: PersonaCompany, without_redis: None) -> None:
    for client in (Client(), company.seller.client):
        assert client.get("/health/live").status_code == 200
        response = client.get("/health/ready")
        assert response.status_code == 503
        assert {each["name"] for each in response.json()["checks"] if each["problem"]} == {"redis", "queue"}


def test_signing_out_counts_without_redis(company: PersonaCompany, without_redis: None) -> None:
    browser = company.seller.client
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert browser.post("/account/logout/").status_code == 302
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    assert browser.get("/deals/").status_code == 302


def test_what_is_open_to_all_asks_no_session(company: PersonaCompany, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    browser = company.seller.client
    cache.clear()
    with django_assert_num_queries(0):
        assert browser.get("/health/live").status_code == 200
