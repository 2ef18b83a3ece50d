"""The menu leads somewhere, holds what a role needs, and marks where one is."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import reverse

from accounts.roles import Role
from salesys.shell.navigation import groups_for, links_for, registered_items
from salesys.web import navigation
from tests.personas import PersonaCompany

MOST_LINKS = 24


@pytest.fixture(autouse=True)
def _gathered() -> None:
    navigation.gather()


def test_every_item_leads_to_a_page() -> None:
    for item in registered_items():
        assert reverse(item.url_name).startswith("/"), item.url_name


@pytest.mark.parametrize("role", list(Role))
def test_menu_of_a_role_starts_at_home_and_can_be_read_at_a_glance(role: Role) -> None:
    links = [link for _section, link in links_for(role, "/")]

    assert links[0].url == "/"
    assert len(links) <= MOST_LINKS


@pytest.mark.no_cover
@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_a_menu_opens_for_its_role(company: PersonaCompany, role: Role) -> None:
    client = company.by_role(role).client

    answers = {link.url: client.get(link.url, follow=True).status_code for _section, link in links_for(role, "/")}

    assert {url: status for url, status in answers.items() if status != 200} == {}


def test_exactly_the_nearest_link_is_current(company: PersonaCompany) -> None:
    request = RequestFactory().get("/search/")
    request.user = company.owner.user

    current = [link.url for group in groups_for(request) for link in group.links if link.is_current]

    assert current == []


def test_somebody_without_an_assignment_has_a_way_home_and_out(company: PersonaCompany) -> None:
    page = company.unassigned.client.get("/").content.decode()

    assert page.count('class="nav-item-link"') == sum(not item.roles for item in registered_items())
    assert 'action="/account/logout/"' in page


def test_nobody_has_no_menu() -> None:
    assert groups_for(RequestFactory().get("/")) == ()
