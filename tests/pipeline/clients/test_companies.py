"""Companies and contacts are written by those who may, as they were typed, and never over somebody else's change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import AuditEvent
from pipeline.clients.services import (
    add_contact,
    create_company,
    normal_phone,
    update_company,
    update_contact,
    version_of,
)
from pipeline.models import Company, Contact, Relationship
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.factories import CompanyFactory, ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany


def issues(error: InvalidInput) -> list[tuple[str, str]]:
    return [(issue.code, issue.field) for issue in error.issues]


@pytest.mark.parametrize(
    ("persona", "kind"), [("seller", "hunter"), ("client_manager", "account_manager"), ("vip_manager", "vip")]
)
def test_who_sells_and_adds_a_company_holds_it(company: PersonaCompany, persona: str, kind: str) -> None:
    person = company.personas[persona]
    made = create_company(actor=person.user, fields={"name": " Acme ", "tax_id": ""})
    assert (made.name, made.tax_id) == ("Acme", None)
    held = Relationship.all_rows.get(company=made)
    assert (held.employee, held.kind, held.valid_from, held.valid_to) == (person.employee, kind, clock.today(), None)
    assert Company.objects.visible_to(person.user).filter(pk=made.pk).exists()
    assert AuditEvent.all_rows.filter(action="company.created", object_id=made.pk).exists()


def test_a_heads_company_belongs_to_the_heads_direction(company: PersonaCompany) -> None:
    made = create_company(actor=company.head.user, fields={"name": "Acme"})
    assert made.direction == company.machinery
    assert not Relationship.all_rows.filter(company=made).exists()


@pytest.mark.parametrize("persona", ["telesales", "assistant", "accountant", "hr", "administrator", "marketer"])
def test_other_roles_add_no_companies(company: PersonaCompany, persona: str) -> None:
    with pytest.raises(NotAllowed):
        create_company(actor=company.personas[persona].user, fields={"name": "Acme"})
    assert not Company.all_rows.exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": ""}, [("blank", "name")]),
        ({"name": "A", "tax_id": "7707083893"}, [("tax_id_taken", "tax_id")]),
        ({"name": "A", "time_zone": "Mars/Olympus"}, [("no_such_time_zone", "time_zone")]),
        ({"name": "A", "employee_count": -1}, [("min_value", "employee_count")]),
        ({"name": "A", "founded_year": "soon"}, [("invalid", "founded_year")]),
        ({"name": "A", "shoe_size": 4}, [("unknown_field", "shoe_size")]),
    ],
)
def test_a_bad_field_is_named_and_nothing_written(
    company: PersonaCompany, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    CompanyFactory(tax_id="7707083893")
    with pytest.raises(InvalidInput) as caught:
        create_company(actor=company.seller.user, fields=fields)
    assert issues(caught.value) == expected
    assert Company.all_rows.count() == 1


def test_a_change_is_written_with_what_was_there_before(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee, company__city="Tver").company
    changed = update_company(actor=company.seller.user, company=client, fields={"city": "Omsk"}, version=version_of(client))
    assert changed.city == "Omsk"
    event = AuditEvent.all_rows.get(action="company.updated")
    assert event.changes == {"city": ["Tver", "Omsk"]}


def test_the_same_values_change_nothing(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    update_company(actor=company.seller.user, company=client, fields={"name": client.name})
    assert not AuditEvent.all_rows.exists()


def test_a_change_over_somebody_elses_is_refused(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    seen = version_of(client)
    update_company(actor=company.director.user, company=client, fields={"city": "Omsk"}, version=seen)
    with pytest.raises(Conflict):
        update_company(actor=company.seller.user, company=client, fields={"city": "Tver"}, version=seen)
    assert Company.all_rows.get(pk=client.pk).city == "Omsk"


def test_nobody_changes_clients_of_others(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.rival_seller.employee).company
    with pytest.raises(NotAllowed):
        update_company(actor=company.seller.user, company=client, fields={"city": "Omsk"})
    with pytest.raises(NotAllowed):
        add_contact(actor=company.seller.user, company=client, fields={"full_name": "Ann"})
    assert Company.all_rows.get(pk=client.pk).city == ""
    assert not Contact.all_rows.exists()


def test_a_company_does_not_belong_to_its_own_subsidiary(company: PersonaCompany) -> None:
    top = CompanyFactory()
    below = CompanyFactory(parent=CompanyFactory(parent=top))
    with pytest.raises(InvalidInput) as caught:
        update_company(actor=company.director.user, company=top, fields={"parent": below})
    assert issues(caught.value) == [("parent_circle", "parent")]
    assert Company.all_rows.get(pk=top.pk).parent is None


def test_a_phone_is_kept_as_it_is_dialled(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    contact = add_contact(actor=company.seller.user, company=client, fields={"full_name": "Ann", "phone": "8 (495) 555-01-23"})
    assert contact.phone == "+74955550123"
    changed = update_contact(actor=company.seller.user, contact=contact, fields={"phone": "+44 20 7946 0958", "position": "CFO"})
    assert (changed.phone, changed.position) == ("+442079460958", "CFO")


@pytest.mark.parametrize("text", ["ask Ann", "12", "+7 495 555-01-23 495 555-01-23 1"])
def test_what_cannot_be_a_phone_is_refused(company: PersonaCompany, text: str) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    with pytest.raises(InvalidInput) as caught:
        add_contact(actor=company.seller.user, company=client, fields={"full_name": "Ann", "phone": text})
    assert issues(caught.value) == [("not_a_phone", "phone")]
    assert not Contact.all_rows.exists()


def test_no_phone_is_no_phone(db: None) -> None:
    assert normal_phone("  ") == ""


def test_a_contact_changed_meanwhile_is_not_overwritten(company: PersonaCompany) -> None:
    contact = ContactFactory(company=RelationshipFactory(employee=company.seller.employee).company)
    seen = version_of(contact)
    update_contact(actor=company.director.user, contact=contact, fields={"position": "CFO"})
    with pytest.raises(Conflict):
        update_contact(actor=company.seller.user, contact=contact, fields={"position": "CEO"}, version=seen)
    assert Contact.all_rows.get(pk=contact.pk).position == "CFO"


@pytest.mark.parametrize("field", ["direction", "is_corporate"])
def test_its_holder_does_not_open_a_client_to_others(company: PersonaCompany, field: str) -> None:
    client = RelationshipFactory(employee=company.seller.employee, company__direction=company.machinery).company
    values = {"direction": company.retail, "is_corporate": True}
    with pytest.raises(InvalidInput) as caught:
        update_company(actor=company.seller.user, company=client, fields={field: values[field]})
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("not_yours_to_place", field)
    with pytest.raises(InvalidInput):
        create_company(actor=company.seller.user, fields={"name": "New one", field: values[field]})
    client.refresh_from_db()
    assert (client.direction, client.is_corporate, Company.all_rows.count()) == (company.machinery, False, 1)
    update_company(actor=company.head.user, company=client, fields={field: values[field]})
    assert getattr(Company.all_rows.get(pk=client.pk), field) == values[field]


def test_a_seller_adds_a_company_to_the_own_direction(company: PersonaCompany) -> None:
    made = create_company(actor=company.seller.user, fields={"name": "New one", "direction": company.machinery})
    assert made.direction == company.machinery


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("zarya.example", "https://zarya.example"),
        ("http://zarya.example:8080/o?a=1", "http://zarya.example:8080/o?a=1"),
        ("заря.рф", "https://заря.рф"),
        ("javascript:alert(1)", ""),
        ("javascript://zarya.example/%0aalert(1)", ""),
        ("see the card", ""),
        ("", ""),
    ],
)
def test_a_website_is_a_link_where_it_is_an_address_of_the_web(typed: str, leads_to: str) -> None:
    assert Company(website=typed).website_url == leads_to


def test_the_page_of_a_company_tells_its_time_and_leads_to_its_website(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    Company.all_rows.filter(pk=client.pk).update(website="zarya.example", time_zone="Asia/Omsk")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 9, 5, tzinfo=UTC))
    text = company.seller.client.get(f"/companies/{client.pk}/").content.decode()
    assert '<a href="https://zarya.example" target="_blank" rel="noopener noreferrer">zarya.example</a>' in text
    assert "15:05" in text
