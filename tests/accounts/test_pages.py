"""The pages of people, structure, tokens: what they show, what a wrong form answers, what stays unchanged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.access.tokens import token_of
from accounts.models import ApiToken, Assignment, Department, Employee
from accounts.roles import Role
from accounts.structure.assigning import assign_employee
from accounts.structure.placement import Placement
from salesys.db import clock
from tests.personas import START, PersonaCompany


def text(response: Any) -> str:
    """The page's text."""
    content: str = response.content.decode()
    return content


def test_the_structure_is_shown_on_any_date(company: PersonaCompany) -> None:
    on = clock.today() + timedelta(days=40)
    place = Placement(company.vip, Role.VIP_MANAGER, None, company.director.employee)
    assign_employee(actor=None, employee=company.seller.employee, placement=place, from_on=on)
    browser = company.administrator.client

    def department_of_seller(day: object) -> str:
        page = browser.get("/structure/", {"on": str(day)}, headers={"HX-Request": "true"})
        assert "<html" not in text(page)
        (root,) = page.context["nodes"]
        branches = [node for node in root["children"] if node["icon"] == "building-community"]
        return next(str(node["label"]) for node in branches for seat in node["children"] if seat["label"] == "Sergei Sokolov")

    assert department_of_seller(clock.today()) == "Sales"
    assert department_of_seller(on) == "Vip"


@pytest.mark.parametrize("on", ["", "yesterday", "2026-02-31", "9999999"])
def test_a_date_that_is_none_means_today(company: PersonaCompany, on: str) -> None:
    assert company.hr.client.get("/structure/", {"on": on}).context["on"] == clock.today()


def test_the_list_of_people_finds_by_name_and_keeps_to_the_scope(company: PersonaCompany) -> None:
    found = company.hr.client.get("/people/", {"q": "sokol"})
    assert [employee.full_name for employee, _place in found.context["rows"]] == ["Sergei Sokolov"]
    assert company.seller.client.get("/people/", {"q": "rossi"}).context["rows"] == []


def test_a_change_of_place_is_recorded_from_its_page(company: PersonaCompany) -> None:
    path = f"/people/{company.seller.employee.pk}/place/"
    data = {
        "from_on": clock.today().isoformat(),
        "department": company.clients.pk,
        "role": "client_manager",
        "direction": company.machinery.pk,
        "manager": company.head.employee.pk,
    }
    assert company.hr.client.post(path, data).status_code == 302
    rows = Assignment.all_rows.filter(employee=company.seller.employee).order_by("valid")
    assert [(row.valid_from, row.role) for row in rows] == [(START, "seller"), (clock.today(), "client_manager")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"from_on": "2024-12-31"}, "is not hired yet on this date"),
        ({"from_on": "soon"}, "Enter a valid date"),
        ({"role": "pirate"}, "pirate is not one of the available choices"),
        ({"department": "999999"}, "That choice is not one of the available choices"),
    ],
)
def test_a_wrong_change_says_what_to_do_and_changes_nothing(company: PersonaCompany, change: dict[str, str], words: str) -> None:
    data = {"from_on": clock.today().isoformat(), "department": company.clients.pk, "role": "client_manager", **change}
    response = company.hr.client.post(f"/people/{company.seller.employee.pk}/place/", data)
    assert response.status_code == 400
    assert words in text(response)
    assert Assignment.all_rows.get(employee=company.seller.employee).role == "seller"


def planned_place(company: PersonaCompany, role: Role = Role.CLIENT_MANAGER) -> Assignment:
    """Where the seller is to stand in ten days."""
    place = Placement(company.clients, role, company.machinery, company.head.employee)
    on = clock.today() + timedelta(days=10)
    return assign_employee(actor=None, employee=company.seller.employee, placement=place, from_on=on)


def correction(company: PersonaCompany, **changes: object) -> dict[str, Any]:
    return {
        "from_on": str(clock.today() + timedelta(days=20)),
        "department": company.vip.pk,
        "role": "vip_manager",
        "direction": "",
        "manager": company.director.employee.pk,
    } | changes


def test_a_planned_change_is_corrected_from_its_page(company: PersonaCompany) -> None:
    planned, seller = planned_place(company), company.seller.employee
    page, url = f"/people/{seller.pk}/", f"/people/{seller.pk}/assignments/{planned.pk}/"
    browser = company.director.client
    assert f'href="{url}"' in text(browser.get(page))
    form = text(browser.get(url))
    assert "Planned change of Sergei Sokolov" in form
    assert f'value="{planned.valid_from}"' in form
    browser.post(url, correction(company))
    planned.refresh_from_db()
    assert (planned.role, planned.department, planned.direction, planned.manager) == (
        "vip_manager",
        company.vip,
        None,
        company.director.employee,
    )
    assert planned.valid_from == clock.today() + timedelta(days=20)
    assert Assignment.all_rows.get(employee=seller, valid__startswith=START).valid_to == planned.valid_from


def test_history_and_what_does_not_fit_are_not_corrected(company: PersonaCompany) -> None:
    planned, seller = planned_place(company), company.seller.employee
    running = Assignment.all_rows.get(employee=seller, valid__startswith=START)
    browser = company.director.client
    assert f"/assignments/{running.pk}/" not in text(browser.get(f"/people/{seller.pk}/"))
    before = list(Assignment.all_rows.filter(employee=seller).order_by("valid").values())
    answer = browser.post(f"/people/{seller.pk}/assignments/{running.pk}/", correction(company))
    assert answer.status_code == 400
    assert "is history now" in text(answer)
    url = f"/people/{seller.pk}/assignments/{planned.pk}/"
    own = browser.post(url, correction(company, manager=seller.pk))
    assert (own.status_code, "Nobody is their own manager" in text(own)) == (400, True)
    early = browser.post(url, correction(company, from_on="2024-01-01"))
    assert (early.status_code, "is not hired yet" in text(early)) == (400, True)
    assert browser.get(f"/people/{company.head.employee.pk}/assignments/{planned.pk}/").status_code == 404
    assert company.head.client.post(url, correction(company)).status_code == 404
    assert list(Assignment.all_rows.filter(employee=seller).order_by("valid").values()) == before


def test_a_planned_top_role_is_neither_given_nor_taken_back_below_the_top(company: PersonaCompany) -> None:
    planned, seller = planned_place(company), company.seller.employee
    url = f"/people/{seller.pk}/assignments/{planned.pk}/"
    assert company.hr.client.post(url, correction(company, role="commercial_director")).status_code == 403
    Assignment.all_rows.filter(pk=planned.pk).update(role=Role.COMMERCIAL_DIRECTOR)
    assert company.hr.client.get(url).status_code == 403
    assert company.hr.client.post(url, correction(company)).status_code == 403
    assert company.hr.client.post(f"{url}withdraw/").status_code == 403
    planned.refresh_from_db()
    assert planned.role == "commercial_director"
    assert company.owner.client.post(url, correction(company)).status_code == 302
    planned.refresh_from_db()
    assert planned.role == "vip_manager"


def test_a_person_is_hired_from_the_page(company: PersonaCompany) -> None:
    data = {
        "full_name": "Petra Palm",
        "code": "",
        "hired_on": clock.today().isoformat(),
        "email": "petra@example.org",
        "department": company.sales.pk,
        "role": "seller",
        "direction": company.machinery.pk,
        "manager": company.head.employee.pk,
    }
    assert company.hr.client.post("/people/hire/", data).status_code == 302
    made = Employee.all_rows.get(full_name="Petra Palm")
    assert made.assignments.get().manager == company.head.employee
    assert made.user is not None
    page = company.administrator.client.post(f"/people/{made.pk}/invite/")
    assert "/account/password/reset/key/" in text(page)
    assert "no-store" in page.headers["Cache-Control"]


def test_a_hiring_that_is_refused_leaves_nobody(company: PersonaCompany) -> None:
    before = Employee.all_rows.count()
    data = {
        "full_name": "Petra",
        "hired_on": clock.today().isoformat(),
        "email": "",
        "department": company.root.pk,
        "role": "owner",
    }
    assert company.hr.client.post("/people/hire/", data).status_code == 403
    taken = {**data, "role": "seller", "email": "seller@example.org"}
    response = company.hr.client.post("/people/hire/", taken)
    assert response.status_code == 400
    assert "seller@example.org" in text(response)
    assert Employee.all_rows.count() == before


def test_a_pair_is_made_from_the_page(company: PersonaCompany) -> None:
    path = f"/people/{company.telesales.employee.pk}/pair/"
    data = {"assistant": company.rival_assistant.employee.pk, "from_on": clock.today().isoformat()}
    assert company.hr.client.post(path, data).status_code == 302
    pairs = company.telesales.employee.pairs_as_telesales.order_by("valid")
    assert [(pair.assistant, pair.valid_to) for pair in pairs] == [
        (company.assistant.employee, clock.today()), (company.rival_assistant.employee, None),
    ]  # fmt: skip
    not_one = {"assistant": company.seller.employee.pk, "from_on": clock.today().isoformat()}
    assert company.hr.client.post(path, not_one).status_code == 400


def test_a_department_is_moved_from_its_page_and_not_below_itself(company: PersonaCompany) -> None:
    path = f"/structure/departments/{company.sales.pk}/"
    data = {"name": "Hunters", "kind": "active", "parent": company.second_sales.pk, "time_zone": ""}
    assert company.administrator.client.post(path, data).status_code == 302
    company.sales.refresh_from_db()
    assert (company.sales.name, company.sales.parent) == ("Hunters", company.second_sales)
    circle = {"name": "Renamed", "kind": "active", "parent": company.sales.pk, "time_zone": ""}
    response = company.administrator.client.post(f"/structure/departments/{company.second_sales.pk}/", circle)
    assert response.status_code == 400
    assert "cannot stand below itself" in text(response)
    assert not Department.all_rows.filter(name="Renamed").exists()


def test_a_secret_is_shown_once(company: PersonaCompany) -> None:
    browser = company.seller.client
    made = browser.post("/tokens/", {"name": "1C", "scopes": ["deals:read"], "days": "30"})
    secret = made.context["issued"].text
    assert secret in text(made)
    assert "no-store" in made.headers["Cache-Control"]
    assert secret not in text(browser.get("/tokens/"))
    token = token_of(secret)
    assert token is not None
    assert (token.user, token.scopes) == (company.seller.user, ["deals:read"])
    browser.post(f"/tokens/{token.pk}/revoke/")
    assert token_of(secret) is None


@pytest.mark.parametrize("data", [{"name": "", "scopes": ["deals:read"]}, {"name": "1C"}, {"name": "1C", "scopes": ["base:all"]}])
def test_a_wrong_token_is_not_made(company: PersonaCompany, data: dict[str, Any]) -> None:
    assert company.seller.client.post("/tokens/", {"days": "30", **data}).status_code == 400
    assert not ApiToken.all_rows.exists()


def test_the_profile_ends_ones_own_sessions(company: PersonaCompany) -> None:
    here, elsewhere = company.seller.client, company.seller.client
    assert here.post("/profile/sign-out-everywhere/").status_code == 302
    assert elsewhere.get("/profile/").status_code == 302
