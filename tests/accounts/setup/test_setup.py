"""The first administrator: let in from the console alone, led through the steps, done once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEvent, Department, Employee, User
from accounts.people.services import dismiss_employee
from accounts.setup.services import CompanyFacts, change_company, finish_setup
from accounts.structure.services import create_department
from salesys.db import clock
from salesys.db.organisation import Organisation, forget_organisation, organisation
from salesys.db.scope import viewer_for
from salesys.kernel.errors import InvalidInput
from tests.factories import AssignmentFactory, EmployeeFactory
from tests.personas import PersonaCompany

FACTS: dict[str, Any] = {
    "name": "Harbour Trade", "currency": "RUB", "time_zone": "Europe/Moscow", "country": "RU", "vat_rate": Decimal("0.20"),
}  # fmt: skip
SECRET = "long-harbour-wall-9"


@pytest.fixture(autouse=True)
def _nothing_known(db: None) -> Any:
    forget_organisation()
    yield
    forget_organisation()


def first_admin(email: str = "ada@example.org") -> str:
    """The path that the console prints."""
    out = StringIO()
    call_command("first_admin", email, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def signed_in() -> Client:
    """The first administrator's browser."""
    browser = Client()
    form = browser.get(first_admin(), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": SECRET, "password2": SECRET})
    browser.post("/account/login/", {"login": "ada@example.org", "password": SECRET})
    return browser


def test_the_first_administrator_comes_in_from_the_console_and_is_led_to_the_set_up() -> None:
    browser = signed_in()
    response = browser.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/setup/")
    page = browser.get("/setup/")
    assert page.status_code == 200
    assert [step.is_done for step in page.context["way"].steps] == [False, False, False, False, False]
    assert browser.get("/companies/").status_code in {200, 404}


def test_the_way_leads_to_the_end(company_steps: Client) -> None:
    browser = company_steps
    assert browser.post("/setup/finish/").headers["Location"] == "/"
    row = Organisation.objects.get()
    assert row.set_up_at is not None
    assert (row.name, row.currency, row.vat_rate) == ("Harbour Trade", "EUR", Decimal("0.190000"))
    assert AuditEvent.all_rows.filter(action="company.set_up").count() == 1
    assert browser.get("/").status_code == 200


@pytest.fixture
def company_steps() -> Client:
    """The steps, filled in on their pages."""
    browser = signed_in()
    facts = {**FACTS, "currency": "EUR", "country": "DE", "time_zone": "Europe/Berlin", "vat_rate": "19"}
    assert browser.post("/setup/", facts).status_code == 302
    data = {"name": "Sales", "kind": "active", "parent": "", "time_zone": ""}
    assert browser.post("/structure/departments/new/", data).status_code == 302
    place = {"department": Department.all_rows.get().pk, "role": "owner", "direction": "", "manager": ""}
    person = {"full_name": "Olga Orlova", "code": "", "hired_on": "2026-01-12", "email": "olga@example.org"}
    assert browser.post("/people/hire/", {**person, **place}).status_code == 302
    return browser


def test_the_set_up_is_not_done_before_its_steps() -> None:
    actor = User.objects.create_superuser("ada@example.org")
    for code, step in (
        ("no_company", lambda: change_company(actor=actor, facts=CompanyFacts(**FACTS))),
        ("no_department", lambda: create_department(actor=actor, name="Sales", kind="active")),
        ("no_people", EmployeeFactory),
    ):
        with pytest.raises(InvalidInput) as error:
            finish_setup(actor=actor)
        assert error.value.issues[0].code == code
        step()
    assert finish_setup(actor=actor).set_up_at is not None


def test_there_is_one_first_administrator(company: PersonaCompany) -> None:
    with pytest.raises(CommandError, match="has users already"):
        call_command("first_admin", "intruder@example.org")
    assert not User.objects.filter(email="intruder@example.org").exists()


def test_a_lost_path_is_printed_again_until_it_is_used() -> None:
    assert first_admin() != ""
    assert first_admin() != ""
    assert User.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("first_admin", "other@example.org")


@pytest.mark.parametrize(
    ("address", "name", "called"),
    [
        ("ada.adler@example.org", "", "Ada Adler"),
        ("IT@example.org", "", "It"),
        ("ada@example.org", "Ada B. Adler", "Ada B. Adler"),
    ],
)
def test_the_first_administrator_is_one_of_the_people(address: str, name: str, called: str) -> None:
    call_command("first_admin", address, name=name, stdout=StringIO())
    made = Employee.all_rows.get()
    assert (made.full_name, made.user, made.hired_on) == (called, User.objects.get(), clock.today())


def test_the_first_administrator_does_not_count_as_the_people_of_the_set_up() -> None:
    browser = signed_in()
    assert Employee.all_rows.count() == 1
    assert not browser.get("/setup/people/").context["way"].steps[-1].is_done
    browser.post("/setup/", FACTS | {"vat_rate": "20"})
    browser.post("/setup/departments/", {"use_active": "on", "name_active": "Hunters"})
    assert browser.post("/setup/finish/").headers["Location"] == "/setup/people/"
    assert Organisation.objects.get().set_up_at is None


def test_the_first_administrator_is_placed_and_dismissed_like_everybody(company_steps: Client) -> None:
    ada, owner = Employee.all_rows.get(full_name="Ada"), Client()
    owner.force_login(User.objects.get(email="olga@example.org"))
    here = f"/people/{ada.pk}/"
    # Hired on the day of the zone that stood before the company's own was chosen, which may be a day ahead of it
    first_day, last_day = (clock.today() + timedelta(days=days) for days in (1, 3))
    leaving = {"from_on": str(last_day), "is_certain": "on"}
    place = {"from_on": str(first_day), "department": Department.all_rows.get().pk, "role": "seller", "direction": ""}
    assert company_steps.post(f"{here}place/", {**place, "role": "owner"}).status_code == 404
    assert company_steps.post(f"{here}dismiss/", leaving).status_code == 404
    assert owner.post(f"{here}sign-out/").status_code == 302
    assert company_steps.get("/setup/").status_code == 302
    last = owner.post(f"{here}dismiss/", leaving)
    assert (last.status_code, "is the last administrator" in last.content.decode()) == (400, True)
    AssignmentFactory(department=Department.all_rows.get(), role="administrator")
    assert owner.post(f"{here}place/", place).status_code == 302
    assert ada.assignments.get().role == "seller"
    assert owner.post(f"{here}account/", {"email": "ada.adler@example.org"}).status_code == 302
    assert owner.post(f"{here}dismiss/", leaving).status_code == 302
    ada.refresh_from_db()
    assert ada.dismissed_on == last_day


def test_a_dismissal_of_the_first_administrator_counts_on_its_day_already(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in()
    ada, tomorrow = Employee.all_rows.get(), clock.today() + timedelta(days=1)
    AssignmentFactory(role="administrator")
    dismiss_employee(actor=None, employee=ada, from_on=tomorrow)
    assert viewer_for(User.objects.get(employee=ada)).role == "administrator"
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert viewer_for(User.objects.get(employee=ada)).role == ""


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        ({"name": " "}, ("no_name", "name")),
        ({"currency": "roubles"}, ("unknown_currency", "currency")),
        ({"time_zone": "Mars/Olympus"}, ("unknown_time_zone", "time_zone")),
        ({"country": "XX"}, ("unknown_country", "country")),
        ({"vat_rate": Decimal(20)}, ("vat_rate_range", "vat_rate")),
        ({"vat_rate": Decimal("-0.1")}, ("vat_rate_range", "vat_rate")),
    ],
)
def test_wrong_facts_are_refused(change: dict[str, Any], issue: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as error:
        change_company(actor=None, facts=CompanyFacts(**{**FACTS, **change}))
    assert [(found.code, found.field) for found in error.value.issues] == [issue]
    assert not Organisation.objects.exists()


def test_the_currency_stays_once_amounts_are_in_it(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput) as error:
        change_company(actor=company.administrator.user, facts=CompanyFacts(**{**FACTS, "currency": "EUR"}))
    assert error.value.issues[0].code == "currency_in_use"
    forget_organisation()
    assert organisation().currency == "RUB"


def test_the_set_up_is_for_the_administrator_alone(company: PersonaCompany) -> None:
    assert company.owner.client.get("/setup/").status_code == 404
    assert company.administrator.client.get("/setup/").status_code == 200
