"""What a signed-in person has seen is kept by nobody: not by the browser that the next one uses, not by a proxy."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.access.tokens import issue_token
from tests.personas import PersonaCompany

PRIVATE = "private, no-store"


@pytest.mark.parametrize("path", ["/", "/companies/", "/search/?q=st", "/nowhere/", "/api/v1/companies/", "/account/logout/"])
def test_pages_of_a_person_are_not_kept(company: PersonaCompany, path: str) -> None:
    kept = company.seller.client.get(path).headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_parts_of_pages_and_places_that_a_form_leads_to_are_not_kept(company: PersonaCompany) -> None:
    browser = company.seller.client
    assert browser.get("/companies/", headers={"HX-Request": "true"}).headers["Cache-Control"] == PRIVATE
    assert browser.post("/preferences/", {"theme": "dark"}).headers["Cache-Control"] == PRIVATE


def test_answers_to_a_token_are_not_kept_and_still_have_a_version(company: PersonaCompany) -> None:
    issued = issue_token(actor=None, user=company.owner.user, name="Reports", scopes=["companies:read"])
    answer = Client().get("/api/v1/companies/", headers={"Authorization": f"Bearer {issued.text}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PRIVATE)


def test_a_view_that_says_how_long_it_may_be_kept_is_believed(company: PersonaCompany) -> None:
    assert company.administrator.client.get("/health/live").headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_what_everybody_may_see_is_left_alone(company: PersonaCompany) -> None:
    assert "Cache-Control" not in Client().get("/manifest.webmanifest").headers
