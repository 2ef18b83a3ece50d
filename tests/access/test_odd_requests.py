"""Requests that cannot be read are answered to whoever sends them, signed in or not: 400, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from salesys.web.requests import ReadableRequest
from tests.personas import PersonaCompany

LOGIN = "/account/login/"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n--b--\r\n'
CHARSETS = (
    "hex",
    "rot13",
    "zlib",
    "utf-7",
    "utf-16",
    "idna",
    "undefined",
    "unicode_escape",
    "punycode",
    "no-such",
    "\N{BLACK STAR}",
)


def send(path: str, body: bytes, content_type: str, browser: Client | None = None) -> HttpResponse:
    browser = browser or Client()
    response: Any = browser.generic("POST", path, body, content_type=content_type)
    return response  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", [LOGIN, "/", "/companies/", "/api/v1/companies/"])
def test_a_damaged_cookie_is_deleted_and_the_next_request_gets_in(company: PersonaCompany, path: str) -> None:
    response = Client(HTTP_COOKIE=rf'{settings.SESSION_COOKIE_NAME}="abcdefghijk\000lm"').get(path)
    assert response.status_code == 400
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert "A cookie of this browser is damaged." in response.content.decode()
    assert response.headers["Content-Security-Policy"]


def test_cookies_of_others_lock_nobody_out(company: PersonaCompany) -> None:
    assert Client(HTTP_COOKIE=r'theirs="a\000b"').get(LOGIN).status_code == 200


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "text/plain"])
def test_an_encoding_that_is_no_text_is_refused_before_the_form_is_read(company: PersonaCompany, kind: str, charset: str) -> None:
    response = send(LOGIN, PART % b"login", f"{kind}; charset={charset}")
    assert response.status_code == 400
    assert "Send it in UTF-8." in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "windows-1251", "ISO-8859-1"])
def test_encodings_that_clients_send_are_read(company: PersonaCompany, charset: str) -> None:
    assert send(LOGIN, b"login=x", f"application/x-www-form-urlencoded; charset={charset}").status_code in {200, 400}
    answer = send("/api/v1/companies/", b"{}", f"application/json; charset={charset}")
    assert json.loads(answer.content)["code"] != "invalid"


@pytest.mark.parametrize(
    "body",
    [
        PART % b"lo\0gin",
        b"--b\r\nContent-Disposition: form-data; name*=hex''%41\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename*=no-such''%41\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data; name*=undefined''%41\r\n\r\nx\r\n--b--\r\n",
    ],
)
def test_a_form_whose_parts_cannot_be_read_is_no_fault(company: PersonaCompany, body: bytes) -> None:
    assert send(LOGIN, body, "multipart/form-data; boundary=b").status_code in {200, 400}


def test_the_api_answers_as_the_api(company: PersonaCompany) -> None:
    response = send("/api/v1/companies/", b"{}", "application/json; charset=hex", company.seller.client)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    (issue,) = json.loads(response.content)["issues"]
    assert (issue["code"], issue["field"], issue["remedy"]) == ("unknown_charset", "Content-Type", "Send it in UTF-8.")


@pytest.mark.parametrize("odd", ["text/plain; charset*=no-such''%41", "text/plain; charset*=undefined'x'%41"])
def test_a_content_type_that_django_cannot_read_reaches_the_middleware(odd: str) -> None:
    environ = RequestFactory().get("/").environ | {"CONTENT_TYPE": odd}
    request = ReadableRequest(environ)
    assert request.content_type in {"", "text/plain"}
