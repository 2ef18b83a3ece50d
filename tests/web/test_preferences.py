"""Theme, language and single keys are the person's own."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.personas import PersonaCompany


@pytest.mark.parametrize(
    ("name", "value", "field", "stored"),
    [("theme", "dark", "theme", "dark"), ("language", "ru", "language", "ru"), ("single_keys", "off", "has_single_keys", False)],
)
def test_preference_is_stored_and_shown(company: PersonaCompany, name: str, value: str, field: str, stored: object) -> None:
    client = company.seller.client

    response = client.post("/preferences/", {name: value, "next": "/search/?q=a"})

    assert response.status_code == 302
    assert response.headers["Location"] == "/search/?q=a"
    assert getattr(User.objects.get(pk=company.seller.user.pk), field) == stored
    shown = {"theme": 'data-bs-theme="dark"', "language": '<html lang="ru"', "single_keys": 'data-single-keys="off"'}[name]
    assert shown in client.get("/").content.decode()


@pytest.mark.parametrize("data", [{"theme": "pink"}, {"language": "tlh"}, {}, {"single_keys": "maybe"}])
def test_unknown_preference_is_refused(company: PersonaCompany, data: dict[str, str]) -> None:
    before = User.objects.values().get(pk=company.seller.user.pk)
    client = company.seller.client

    response = client.post("/preferences/", data)

    assert response.status_code == 400
    assert "There is no such setting." in response.content.decode()
    after = User.objects.values().get(pk=company.seller.user.pk)
    assert (after["theme"], after["language"], after["has_single_keys"]) == (
        before["theme"],
        before["language"],
        before["has_single_keys"],
    )


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", ""])
def test_preference_never_leads_elsewhere(company: PersonaCompany, address: str) -> None:
    response = company.seller.client.post("/preferences/", {"theme": "dark", "next": address})

    assert response.headers["Location"] == "/"


def test_language_is_chosen_before_the_sign_in(company: PersonaCompany) -> None:
    browser = Client()

    response = browser.post("/preferences/language/", {"language": "ru", "next": "/account/login/"})

    assert response.headers["Location"] == "/account/login/"
    assert '<html lang="ru"' in browser.get("/account/login/").content.decode()


def test_unknown_language_changes_nothing(company: PersonaCompany) -> None:
    browser = Client()

    browser.post("/preferences/language/", {"language": "tlh"})

    assert '<html lang="en"' in browser.get("/account/login/").content.decode()
