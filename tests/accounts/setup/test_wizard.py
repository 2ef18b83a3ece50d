"""The way from an empty database to a working home page, step by step, and back again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import Assignment, AuditEvent, Department, Direction, Employee, User
from accounts.roles import Role
from accounts.setup.regional import countries, country_codes, currencies, currency_of, time_zone_of, time_zones
from planning.calendar.services import correct_day
from salesys.db import clock
from salesys.db.organisation import Organisation, forget_organisation
from salesys.db.workdays import holidays_between, is_working_day, working_days_between
from tests.accounts.setup.test_setup import signed_in
from tests.personas import PersonaCompany

COMPANY = {"name": "Harbour Trade", "country": "DE", "time_zone": "Europe/Berlin", "currency": "EUR", "vat_rate": "19"}
TICKED = {"use_active": "on", "name_active": "Hunters", "use_telesales": "on", "name_telesales": "Telesales", "name_vip": "VIP"}


@pytest.fixture(autouse=True)
def _november(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    forget_organisation()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 18, 9, tzinfo=UTC))
    yield
    forget_organisation()


@pytest.fixture
def admin() -> Client:
    """The first administrator of an empty installation, signed in."""
    made = Client()
    made.force_login(User.objects.create_superuser("ada@example.org"))
    return made


def person(name: str, role: str, email: str = "", **more: Any) -> dict[str, Any]:
    """What the step of people is sent."""
    place = {"department": Department.all_rows.order_by("pk")[0].pk, "role": role, "direction": "", "manager": ""}
    return {"full_name": name, "code": "", "hired_on": "2026-11-18", "email": email, **place, **more}


def test_the_way_from_nothing_to_a_working_home_page() -> None:
    admin = signed_in()
    assert not Organisation.objects.exists()
    assert admin.get("/").headers["Location"] == "/setup/"
    assert admin.post("/setup/", COMPANY).headers["Location"] == "/setup/calendar/"
    assert admin.get("/setup/calendar/").context["way"].onward == "/setup/departments/"
    assert admin.post("/setup/departments/", TICKED).headers["Location"] == "/setup/directions/"
    assert admin.post("/setup/directions/", {"names": "Machinery\nRetail\n\n Machinery "}).headers["Location"] == "/setup/people/"
    assert (
        admin.post("/setup/people/", person("Olga Orlova", "owner", "olga@example.org")).headers["Location"] == "/setup/people/"
    )
    olga = Employee.all_rows.get(full_name="Olga Orlova")
    hunter = person("Sergei Sokolov", "seller", manager=olga.pk, direction=Direction.all_rows.get(name="Machinery").pk)
    assert admin.post("/setup/people/", hunter).status_code == 302
    page = admin.get("/setup/people/")
    assert [(step.key, step.is_done) for step in page.context["way"].steps] == [
        ("company", True), ("calendar", True), ("departments", True), ("directions", True), ("people", True),
    ]  # fmt: skip
    assert page.context["way"].is_ready
    assert admin.post("/setup/finish/").headers["Location"] == "/"
    home = admin.get("/")
    assert home.status_code == 200
    assert "Everything is ready." in home.content.decode()
    row = Organisation.objects.get()
    assert (row.name, row.country, row.time_zone, row.currency, row.vat_rate) == (
        "Harbour Trade", "DE", "Europe/Berlin", "EUR", Decimal("0.190000"),
    )  # fmt: skip
    assert sorted(Department.all_rows.values_list("name", "kind")) == [("Hunters", "active"), ("Telesales", "telesales")]
    assert sorted(Direction.all_rows.values_list("name", flat=True)) == ["Machinery", "Retail"]
    places = Assignment.all_rows.order_by("pk").values_list("employee__full_name", "role", "manager__full_name")
    assert list(places) == [("Olga Orlova", "owner", None), ("Sergei Sokolov", "seller", "Olga Orlova")]


def test_who_was_never_invited_counts_as_not_able_to_sign_in(admin: Client) -> None:
    admin.post("/setup/", COMPANY)
    admin.post("/setup/departments/", TICKED)
    admin.post("/setup/people/", person("Olga Orlova", "owner", "olga@example.org"))
    admin.post("/setup/people/", person("Sergei Sokolov", "seller"))
    admin.post("/setup/finish/")
    assert admin.get("/").context["without"] == ["Olga Orlova", "Sergei Sokolov"]
    olga = User.objects.get(email="olga@example.org")
    olga.set_password("a-long-and-own-password")
    olga.save()
    assert admin.get("/").context["without"] == ["Sergei Sokolov"]


def test_the_owner_signs_in_to_a_working_page_afterwards(admin: Client) -> None:
    admin.post("/setup/", COMPANY)
    admin.post("/setup/departments/", TICKED)
    admin.post("/setup/people/", person("Olga Orlova", "owner", "olga@example.org"))
    admin.post("/setup/finish/")
    owner = Client()
    owner.force_login(User.objects.get(email="olga@example.org"))
    assert owner.get("/").status_code == 200
    assert owner.get("/setup/").status_code == 404


@pytest.mark.parametrize("path", ["/setup/", "/setup/calendar/", "/setup/departments/", "/setup/directions/", "/setup/people/"])
def test_each_step_opens_on_an_empty_installation_and_names_all_others(admin: Client, path: str) -> None:
    text = admin.get(path).content.decode()
    for other in ("/setup/", "/setup/calendar/", "/setup/departments/", "/setup/directions/", "/setup/people/"):
        assert f'href="{other}"' in text
    assert text.count('aria-current="step"') == 1


def test_each_step_can_be_gone_back_to(admin: Client) -> None:
    admin.post("/setup/", COMPANY)
    admin.post("/setup/departments/", TICKED)
    later = ("calendar", "departments", "directions", "people")
    assert [admin.get(f"/setup/{step}/").context["way"].back for step in later] == [
        "/setup/", "/setup/calendar/", "/setup/departments/", "/setup/directions/",
    ]  # fmt: skip
    text = admin.get("/setup/").content.decode()
    assert 'value="Harbour Trade"' in text
    assert 'value="19"' in text
    assert '<option value="DE" selected>' in text
    assert '<option value="Europe/Berlin" selected>' in text
    assert admin.post("/setup/", {**COMPANY, "name": "Harbour Sales"}).status_code == 302
    assert Organisation.objects.get().name == "Harbour Sales"
    again = admin.get("/setup/departments/")
    assert [row.name for row in again.context["there"]] == ["Hunters", "Telesales"]
    assert "use_active" not in again.content.decode()
    assert admin.post("/setup/departments/", {"use_vip": "on", "name_vip": "Key clients"}).status_code == 302
    assert Department.all_rows.count() == 3


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"name": ""}, "name", "required"),
        ({"country": "XX"}, "country", "not one of the available choices"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose one such as Europe/Moscow."),
        ({"currency": "roubles"}, "currency", "not one of the available choices"),
        ({"vat_rate": "120"}, "vat_rate", "99.99"),
        ({"vat_rate": "-1"}, "vat_rate", "0"),
    ],
)
def test_what_is_wrong_with_the_company_is_said_at_its_field(
    admin: Client, change: dict[str, str], field: str, text: str
) -> None:
    response = admin.post("/setup/", {**COMPANY, **change})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert text in str(response.context["form"].errors[field])
    assert not Organisation.objects.exists()


def test_what_is_wrong_with_a_department_is_said_at_its_name_and_none_is_opened(admin: Client) -> None:
    response = admin.post("/setup/departments/", {**TICKED, "name_telesales": "Hunters"})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["name_telesales"]
    assert "Choose another name." in response.content.decode()
    assert admin.post("/setup/departments/", {"use_vip": "on", "name_vip": " "}).status_code == 400
    assert not Department.all_rows.exists()
    assert not AuditEvent.all_rows.filter(action="department.created").exists()


def test_what_is_wrong_with_a_direction_is_said_with_its_name_and_none_is_opened(admin: Client) -> None:
    admin.post("/setup/directions/", {"names": "Retail"})
    response = admin.post("/setup/directions/", {"names": "Machinery\nRetail"})
    assert response.status_code == 400
    assert "Retail" in str(response.context["form"].errors["names"])
    assert "Choose another name." in str(response.context["form"].errors["names"])
    assert list(Direction.all_rows.values_list("name", flat=True)) == ["Retail"]


def test_a_company_of_one_market_leaves_directions_out(admin: Client) -> None:
    assert admin.post("/setup/directions/", {"names": ""}).headers["Location"] == "/setup/people/"
    assert not Direction.all_rows.exists()


@pytest.mark.parametrize(
    ("change", "form", "field", "text"),
    [
        ({"full_name": ""}, "form", "full_name", "required"),
        ({"email": "olga"}, "form", "email", "valid email"),
        ({"email": "ada@example.org"}, "form", "email", "Use another."),
        ({"department": ""}, "seat", "department", "required"),
        ({"role": "pirate"}, "seat", "role", "not one of the available choices"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_at_its_field_and_nobody_is_hired(
    admin: Client, change: dict[str, str], form: str, field: str, text: str
) -> None:
    admin.post("/setup/departments/", TICKED)
    response = admin.post("/setup/people/", {**person("Olga Orlova", "owner", "olga@example.org"), **change})
    assert response.status_code == 400
    assert text in str(response.context[form].errors[field])
    assert not Employee.all_rows.exists()
    assert User.objects.count() == 1


def test_the_second_top_role_is_not_the_administrators_to_give(admin: Client) -> None:
    admin.post("/setup/departments/", TICKED)
    admin.post("/setup/people/", person("Olga Orlova", "owner"))
    response = admin.post("/setup/people/", person("Denis Dolin", "commercial_director"))
    assert response.status_code == 400
    assert "Choose another role" in str(response.context["seat"].errors["role"])
    assert Employee.all_rows.count() == 1


def test_finishing_too_early_leads_to_what_is_missing(admin: Client) -> None:
    found = [admin.post("/setup/finish/").headers["Location"]]
    for path, data in (("/setup/", COMPANY), ("/setup/departments/", TICKED)):
        admin.post(path, data)
        found.append(admin.post("/setup/finish/").headers["Location"])
    assert found == ["/setup/", "/setup/departments/", "/setup/people/"]
    assert "Nobody is hired yet." in admin.get("/setup/people/").content.decode()
    assert Organisation.objects.get().set_up_at is None


def test_countries_are_called_as_the_reader_calls_them() -> None:
    with override("ru"):
        names = countries()
        assert (names["RU"], names["DE"], names["KZ"]) == ("Россия", "Германия", "Казахстан")
        assert list(names.values()) == sorted(names.values(), key=lambda name: name.lower().replace("ё", "е"))
        assert currencies()["RUB"] == "RUB · российский рубль"
    with override("en"):
        assert countries()["DE"] == "Germany"
    assert set(names) == set(country_codes())


def test_the_companys_country_comes_first_among_time_zones() -> None:
    with override("ru"):
        (name, zones), *others = time_zones("RU")
    assert name == "Россия"
    assert ("Europe/Moscow", "Москва (UTC+3)") in zones
    assert ("Asia/Omsk", "Омск (UTC+6)") in zones
    assert "Россия" not in [label for label, _zones in others]
    with override("en"):
        assert time_zones("DE")[0] == ("Germany", [("Europe/Berlin", "Berlin (UTC+1)"), ("Europe/Busingen", "Busingen (UTC+1)")])
        assert ("Asia/Kolkata", "Kolkata (UTC+5:30)") in time_zones("IN")[0][1]
        assert time_zones("US")[-1] == ("UTC", [("UTC", "UTC")])
        assert time_zones("US", "Etc/GMT+4")[-1] == ("UTC", [("UTC", "UTC"), ("Etc/GMT+4", "Etc/GMT+4")])


@pytest.mark.parametrize(
    ("country", "zone", "currency"),
    [("RU", "Europe/Moscow", "RUB"), ("DE", "Europe/Berlin", "EUR"), ("FR", "Europe/Paris", "EUR"), ("KZ", "Asia/Almaty", "KZT")],
)
def test_a_country_brings_its_zone_and_currency(country: str, zone: str, currency: str) -> None:
    assert (time_zone_of(country), currency_of(country)) == (zone, currency)


def test_the_form_follows_the_chosen_country(admin: Client) -> None:
    part = admin.get("/setup/regional/", {"country": "KZ"}).content.decode()
    assert "<html" not in part
    assert '<option value="Asia/Almaty" selected>' in part
    assert '<option value="KZT" selected>' in part
    assert part.index("Almaty") < part.index("Moscow")
    assert '<option value="Europe/Moscow" selected>' in admin.get("/setup/regional/", {"country": "nowhere"}).content.decode()


def test_another_country_does_not_offer_another_currency_once_one_is_in_use(company: PersonaCompany) -> None:
    part = company.administrator.client.get("/setup/regional/", {"country": "KZ"}).content.decode()
    assert '<option value="RUB" selected>' in part
    assert '<option value="Asia/Almaty" selected>' in part


def test_the_calendar_shows_the_coming_year(admin: Client) -> None:
    admin.post("/setup/", {**COMPANY, "country": "RU", "time_zone": "Europe/Moscow"})
    page = admin.get("/setup/calendar/")
    assert [month for month, _days in page.context["months"]][:2] == [date(2026, 11, 1), date(2026, 12, 1)]
    assert len(page.context["months"]) == 12
    assert page.context["working_days"] == sum(days for _month, days in page.context["months"])
    shown = {holiday.on: holiday.name for holiday, _working, _weekend in page.context["holidays"]}
    assert shown[date(2027, 5, 9)] == "Victory Day"
    assert min(shown) > date(2026, 11, 18)
    assert max(shown) <= date(2027, 11, 18)
    assert "Victory Day" in page.content.decode()


def test_holidays_are_named_in_the_readers_language(db: None) -> None:
    Organisation.objects.create(pk=1, name="Harbour Trade", country="RU")
    forget_organisation()
    days = (date(2027, 5, 9), date(2027, 5, 9))
    assert [holiday.name for holiday in holidays_between(*days, language="ru")] == ["День Победы"]
    assert [holiday.name for holiday in holidays_between(*days, language="xx")] == ["Victory Day"]
    assert holidays_between(date(2027, 5, 11), date(2027, 5, 11)) == ()


def test_corrected_days_count_as_the_company_works(company: PersonaCompany) -> None:
    correct_day(actor=company.director.user, on=date(2027, 5, 9), hours=8, reason="Fair")
    correct_day(actor=company.director.user, on=date(2027, 5, 12), hours=0, reason="Outing")
    first, last = date(2027, 5, 1), date(2027, 5, 31)
    with CaptureQueriesContext(connection) as queries:
        found = working_days_between(first, last)
    assert len(queries) == 1
    assert date(2027, 5, 9) in found
    assert date(2027, 5, 12) not in found
    assert found == {day for day in (date(2027, 5, number) for number in range(1, 32)) if is_working_day(day)}
    page = company.administrator.client.get("/setup/calendar/")
    assert {holiday.on: working for holiday, working, _weekend in page.context["holidays"]}[date(2027, 5, 9)] is True


def test_a_step_asks_little_of_the_database(admin: Client) -> None:
    admin.post("/setup/", COMPANY)
    for step in ("", "calendar/", "departments/", "directions/", "people/"):
        with CaptureQueriesContext(connection) as queries:
            admin.get(f"/setup/{step}")
        assert len(queries) <= 15, step


def test_settings_are_changed_on_the_same_pages_afterwards(company: PersonaCompany) -> None:
    admin = company.administrator.client
    text = admin.get("/setup/").content.decode()
    assert "Company settings" in text
    assert "Finish the set-up" not in text
    data = {"name": "Harbour", "country": "RU", "time_zone": "Asia/Omsk", "currency": "RUB", "vat_rate": "22"}
    assert admin.post("/setup/", data).headers["Location"] == "/setup/"
    row = Organisation.objects.get()
    assert (row.name, row.time_zone, row.vat_rate) == ("Harbour", "Asia/Omsk", Decimal("0.220000"))
    assert Assignment.all_rows.filter(role=Role.ADMINISTRATOR).count() == 1
