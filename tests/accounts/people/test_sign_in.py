"""The sign-in page: who gets in, what strangers learn from it, and what stays in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from celery import signals
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from accounts.access.tokens import issue_token, token_of
from accounts.models import AuditEvent, User
from salesys.celery import app
from tests.personas import PASSWORD, Persona, PersonaCompany

LOGIN = "/account/login/"
WRONG = "The email address and/or password you specified are not correct."


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _worker_at_hand() -> Iterator[None]:
    """Jobs are done where they are asked for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


class DownBackend(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, _messages: object) -> int:
        raise ConnectionRefusedError


def sign_in(email: str, password: str, following: str = "") -> tuple[Client, str, int]:
    """The browser, where it was sent (or what it was told), and the status."""
    browser = Client()
    response = browser.post(f"{LOGIN}{following}", {"login": email, "password": password})
    return browser, response.headers.get("Location", "") or response.content.decode(), response.status_code


def test_the_right_password_lets_in(company: PersonaCompany) -> None:
    browser, location, status = sign_in("Seller@Example.org ", PASSWORD)
    assert (status, location) == (302, "/")
    assert browser.get("/profile/").status_code == 200
    event = AuditEvent.all_rows.get()
    assert (event.action, event.actor, event.object_id) == ("sign_in.succeeded", company.seller.user, company.seller.user.pk)
    assert event.address == "127.0.0.1"
    assert len(event.request_id) >= 8


def test_strangers_learn_nothing_from_a_failure(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.hr.user.pk).update(is_active=False)
    answers = [sign_in(email, secret) for email, secret in (
        ("seller@example.org", "wrong-password"), ("nobody@example.org", "wrong-password"), ("hr@example.org", PASSWORD),
    )]  # fmt: skip
    assert [status for _browser, _page, status in answers] == [200, 200, 200]
    assert all(WRONG in page for _browser, page, _status in answers)
    assert not any(browser.session.get("_auth_user_id") for browser, _page, _status in answers)


def test_a_failure_is_kept_without_what_might_be_a_password(company: PersonaCompany) -> None:
    sign_in("seller@example.org", "wrong-password")
    sign_in("stranger@example.org", "another-secret")
    known, unknown = AuditEvent.all_rows.order_by("pk")
    assert (known.action, known.object_id) == ("sign_in.failed", company.seller.user.pk)
    assert known.changes == {"email": [None, "seller@example.org"]}
    assert unknown.object_id is None
    assert unknown.changes == {"email": [None, "s•••••••@example.org"]}
    assert "secret" not in str(AuditEvent.all_rows.values())


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/people/", "/people/"),
        ("https://example.com/", "/"),
        ("//example.com/", "/"),
        ("http://testserver/people/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_the_sign_in_only_pages_of_this_site_follow(company: PersonaCompany, target: str, location: str) -> None:
    browser = Client()
    response = browser.post(LOGIN, {"login": "seller@example.org", "password": PASSWORD, "next": target})
    assert response.headers["Location"] == location


def test_an_account_takes_five_wrong_passwords_and_then_not_even_the_right_one(company: PersonaCompany) -> None:
    for _ in range(5):
        sign_in("seller@example.org", "wrong-password")
    browser, page, status = sign_in("seller@example.org", PASSWORD)
    assert (status, "Too many failed login attempts. Try again later." in page) == (200, True)
    assert browser.get("/profile/").status_code == 302
    other, location, _status = sign_in("hr@example.org", PASSWORD)
    assert location == "/"
    assert other.get("/profile/").status_code == 200


def test_another_name_of_the_site_gives_an_account_no_more_guesses(company: PersonaCompany) -> None:
    for port in range(5):
        Client().post(
            LOGIN, {"login": "seller@example.org", "password": "wrong-password"}, headers={"Host": f"testserver:{port}"}
        )
    response = Client().post(LOGIN, {"login": "seller@example.org", "password": PASSWORD}, headers={"Host": "testserver:99"})
    assert "Too many failed login attempts. Try again later." in response.content.decode()
    assert not AuditEvent.all_rows.filter(action="sign_in.succeeded").exists()


def test_an_address_that_guesses_accounts_is_refused(company: PersonaCompany) -> None:
    for number in range(20):
        sign_in(f"guess{number}@example.org", "wrong-password")
    _browser, page, _status = sign_in("hr@example.org", PASSWORD)
    assert "Too many failed login attempts. Try again later." in page


def test_too_many_requests_get_a_clear_page(company: PersonaCompany, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "login_failed": "20/m/ip"}  # type: ignore[attr-defined]
    statuses = [sign_in("seller@example.org", "wrong-password")[2] for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert "Wait a few minutes" in sign_in("seller@example.org", PASSWORD)[1]


def test_signing_out_is_kept(company: PersonaCompany) -> None:
    browser = company.seller.client
    browser.post("/account/logout/")
    assert browser.get("/profile/").status_code == 302
    assert AuditEvent.all_rows.get(action="sign_in.ended").actor == company.seller.user


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/reauthenticate/", "/account/login/code/confirm/"]
)
def test_pages_of_the_library_that_are_not_needed_do_not_exist(company: PersonaCompany, path: str) -> None:
    assert company.seller.client.get(path).status_code == 404


def test_an_address_behind_a_trusted_proxy_is_the_client(company: PersonaCompany, settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    browser = Client(headers={"x-forwarded-for": "10.9.9.9, 203.0.113.7"})
    browser.post(LOGIN, {"login": "seller@example.org", "password": "wrong-password"})
    assert AuditEvent.all_rows.get().address == "203.0.113.7"


def test_a_forwarded_address_without_a_trusted_proxy_is_ignored(company: PersonaCompany) -> None:
    browser = Client(headers={"x-forwarded-for": "203.0.113.7"})
    browser.post(LOGIN, {"login": "seller@example.org", "password": "wrong-password"})
    assert AuditEvent.all_rows.get().address == "127.0.0.1"


def test_whoever_asks_for_a_new_password_learns_no_address(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.hr.user.pk).update(is_active=False)
    answers = []
    for email in ("seller@example.org", "nobody@example.org", "hr@example.org"):
        response = Client().post("/account/password/reset/", {"email": email})
        page = Client().get(response.headers["Location"]).content.decode()
        answers.append((response.status_code, response.headers["Location"], "If the address belongs to an account" in page))
    assert answers == [(302, "/account/password/reset/done/", True)] * 3
    assert [message.to for message in mail.outbox] == [["seller@example.org"]]


@pytest.mark.parametrize("is_worker_there", [True, False])
def test_a_mail_server_that_is_down_tells_no_address(company: PersonaCompany, settings: Any, is_worker_there: bool) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    app.conf.task_always_eager = is_worker_there
    emails = ("seller@example.org", "nobody@example.org")
    answers = [Client().post("/account/password/reset/", {"email": email}) for email in emails]
    app.control.purge()
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_link_for_a_new_password_stands_in_no_log_of_the_worker(company: PersonaCompany) -> None:
    seen: list[dict[str, Any]] = []

    def look(headers: dict[str, Any], **_kwargs: Any) -> None:
        seen.append(headers)

    app.conf.task_always_eager = False
    signals.before_task_publish.connect(look)
    try:
        Client().post("/account/password/reset/", {"email": "seller@example.org"})
    finally:
        signals.before_task_publish.disconnect(look)
        app.control.purge()
    assert [(headers["task"], headers["argsrepr"]) for headers in seen] == [("accounts.people.tasks.send_letter", "(...)")]


NEW = "another-wall-77"


def held_token(persona: Persona) -> str:
    """A token that the person made."""
    return issue_token(actor=persona.user, user=persona.user, name="1C", scopes=["deals:read"]).text


def test_a_changed_password_is_kept_and_ends_sessions_elsewhere_and_tokens(company: PersonaCompany) -> None:
    here, elsewhere, secret, other = company.seller.client, company.seller.client, *map(held_token, (company.seller, company.hr))
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert User.objects.get(pk=company.seller.user.pk).check_password(NEW)
    event = AuditEvent.all_rows.get(action="password.changed")
    assert (event.actor, event.object_id, event.changes) == (
        company.seller.user, company.seller.user.pk, {"tokens": [None, 1]},
    )  # fmt: skip
    assert token_of(secret) is None
    assert token_of(other) is not None
    assert [browser.get("/profile/").status_code for browser in (here, elsewhere)] == [200, 302]


def test_a_password_set_by_a_link_is_kept_and_ends_sessions_and_tokens(company: PersonaCompany) -> None:
    browser, secret = company.seller.client, held_token(company.seller)
    Client().post("/account/password/reset/", {"email": "seller@example.org"})
    link = re.search(r"/account/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert link is not None
    stranger = Client()
    form = stranger.get(link.group(0), follow=True)
    stranger.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=company.seller.user.pk).check_password(NEW)
    event = AuditEvent.all_rows.get(action="password.set")
    assert (event.actor, event.object_id, event.changes) == (None, company.seller.user.pk, {"tokens": [None, 1]})
    assert token_of(secret) is None
    assert browser.get("/profile/").status_code == 302


def test_a_refused_password_leaves_everything(company: PersonaCompany) -> None:
    browser, secret = company.seller.client, held_token(company.seller)
    browser.post("/account/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert User.objects.get(pk=company.seller.user.pk).check_password(PASSWORD)
    assert token_of(secret) is not None
    assert not AuditEvent.all_rows.filter(action__startswith="password.").exists()


@pytest.mark.parametrize("way", ["own", "administrator", "address"])
def test_tokens_end_with_the_sessions(company: PersonaCompany, way: str) -> None:
    secret, person = held_token(company.seller), f"/people/{company.seller.employee.pk}"
    if way == "own":
        company.seller.client.post("/profile/sign-out-everywhere/")
    elif way == "administrator":
        company.administrator.client.post(f"{person}/sign-out/")
    else:
        company.administrator.client.post(f"{person}/account/", {"email": "sergei@example.org"})
    assert token_of(secret) is None
    event = AuditEvent.all_rows.get(action="account.changed" if way == "address" else "account.sessions_ended")
    assert event.changes["tokens"] == [None, 1]
