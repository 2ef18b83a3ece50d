"""Everyone signs in to a page of their own, in few statements, whatever there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.personas import PersonaCompany

MOST_STATEMENTS = 15


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_home_opens_for_every_role_in_few_statements(company: PersonaCompany, role: Role, language: str) -> None:
    persona = company.by_role(role)
    persona.user.language = language
    persona.user.save()
    client = persona.client
    client.get("/")  # the company and its warnings are read once in some minutes, not for every page

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/")

    assert response.status_code == 200
    assert "<h1>" in response.content.decode()
    assert f'<html lang="{language}"' in response.content.decode()
    assert len(captured) <= MOST_STATEMENTS, "\n".join(query["sql"] for query in captured)


def test_home_of_somebody_without_an_assignment_says_whom_to_ask(company: PersonaCompany) -> None:
    response = company.unassigned.client.get("/")

    assert response.status_code == 200
    assert "Ask an administrator to assign you" in response.content.decode()


def test_home_needs_a_sign_in(company: PersonaCompany) -> None:
    response = Client().get("/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/")
