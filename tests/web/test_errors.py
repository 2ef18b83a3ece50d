"""Errors are pages of the product, in every language, and say nothing that they should not."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from salesys.kernel.errors import Conflict, InvalidInput, Issue, NotAllowed, NotVisible, SalesysError
from salesys.rest.problems import handle
from salesys.shell.middleware import ErrorPageMiddleware
from salesys.web import errors
from tests.personas import PersonaCompany

ISSUE = Issue("x", "The deal is closed already.", remedy="Open it again.")


def asked(company: PersonaCompany) -> HttpRequest:
    request = RequestFactory().get("/deals/17/")
    request.user = company.seller.user
    return request


@pytest.mark.parametrize(
    ("error", "status", "is_named"),
    [
        (NotVisible(ISSUE), 404, False),
        (NotAllowed(ISSUE), 403, True),
        (Conflict(ISSUE), 409, True),
        (InvalidInput(ISSUE), 400, True),
    ],
)
def test_refusal_of_a_service_becomes_a_page(company: PersonaCompany, error: SalesysError, status: int, is_named: bool) -> None:
    middleware = ErrorPageMiddleware(lambda request: errors.not_found(request, Http404()))

    response = middleware.process_exception(asked(company), error)

    assert response is not None
    assert response.status_code == status
    assert ("The deal is closed already." in response.content.decode()) is is_named


def test_other_errors_go_their_way(company: PersonaCompany) -> None:
    middleware = ErrorPageMiddleware(lambda request: errors.not_found(request, Http404()))

    assert middleware.process_exception(asked(company), ValueError("x")) is None


@pytest.mark.parametrize("error", [DataError("integer out of range"), ValueError("A string literal cannot contain NUL (0x00)")])
def test_value_that_cannot_be_stored_is_the_senders_mistake(company: PersonaCompany, error: Exception) -> None:
    middleware = ErrorPageMiddleware(lambda request: errors.not_found(request, Http404()))

    response = middleware.process_exception(asked(company), error)

    assert response is not None
    assert response.status_code == 400
    assert "Nothing was changed." in response.content.decode()
    assert str(error) not in response.content.decode()


class Coded(Exception):
    """What the driver raises, with PostgreSQL's code."""

    def __init__(self, pgcode: str) -> None:
        super().__init__(pgcode)
        self.pgcode = pgcode


def of_database(kind: type[DatabaseError], code: str) -> DatabaseError:
    """An error as Django raises it."""
    error = kind("Key (tax_id)=(123) already exists.")
    error.__cause__ = Coded(code)
    return error


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (of_database(IntegrityError, "23505"), 409, "This contradicts a row that is there already."),
        (of_database(IntegrityError, "23P01"), 409, "This contradicts a row that is there already."),
        (of_database(OperationalError, "40P01"), 503, "send it once more"),
        (of_database(OperationalError, "40001"), 503, "send it once more"),
        (of_database(OperationalError, "55P03"), 503, "send it once more"),
    ],
)
def test_what_met_another_change_is_told_on_pages_and_over_rest(
    company: PersonaCompany, error: DatabaseError, status: int, text: str
) -> None:
    middleware = ErrorPageMiddleware(lambda request: errors.not_found(request, Http404()))

    response = middleware.process_exception(asked(company), error)
    answer = handle(error, {})

    assert response is not None
    assert (response.status_code, answer.status_code) == (status, status)
    assert response.headers.get("Retry-After") == answer.headers.get("Retry-After") == ("1" if status == 503 else None)
    assert text in response.content.decode()
    assert "tax_id" not in response.content.decode() + str(answer.data)


def test_a_database_that_is_away_is_our_fault(company: PersonaCompany) -> None:
    middleware = ErrorPageMiddleware(lambda request: errors.not_found(request, Http404()))

    assert middleware.process_exception(asked(company), OperationalError("connection refused")) is None
    assert handle(OperationalError("connection refused"), {}).status_code == 500


def test_absent_page_is_in_the_products_look(company: PersonaCompany) -> None:
    response = company.seller.client.get("/there/is/no/such/page/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert 'class="sidebar"' in response.content.decode()


@pytest.mark.parametrize(("handler", "status"), [(errors.bad_request, 400), (errors.forbidden, 403)])
def test_handlers_of_the_framework_answer_with_pages(company: PersonaCompany, handler: object, status: int) -> None:
    response = handler(asked(company), Exception())  # type: ignore[operator]

    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def test_server_error_needs_no_database() -> None:
    response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "That was our mistake" in response.content.decode()


def test_form_without_its_token_is_refused_politely(company: PersonaCompany) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.seller.user)

    response = client.post("/preferences/", {"theme": "dark"})

    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_offline_page_and_manifest_are_open_to_everyone(company: PersonaCompany) -> None:
    assert Client().get("/offline/").status_code == 200
    manifest = Client().get("/manifest.webmanifest")
    assert manifest.json()["start_url"] == "/"
