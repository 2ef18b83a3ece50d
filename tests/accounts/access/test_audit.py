"""The audit trail: written with the deed or not at all, and never changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.access.audit import Deed, Origin, origin, record, record_many
from accounts.models import AuditEvent
from pipeline.clients.services import update_contact
from tests.factories import ContactFactory
from tests.personas import PersonaCompany


def test_an_event_says_who_what_where_and_from_what_to_what(company: PersonaCompany) -> None:
    token = origin.set(Origin("203.0.113.7", "request-1"))
    try:
        made = record(
            actor=company.seller.user,
            action="department.changed",
            obj=company.sales,
            before={"name": "Sales", "rate": Decimal("0.10"), "parent": company.root},
            after={"name": "Hunters", "rate": Decimal("0.10"), "parent": company.office},
        )
    finally:
        origin.reset(token)
    made.refresh_from_db()
    assert (made.actor, made.object_type, made.object_id) == (company.seller.user, "accounts.department", company.sales.pk)
    assert made.changes == {"name": ["Sales", "Hunters"], "parent": [company.root.pk, company.office.pk]}
    assert (made.address, made.request_id) == ("203.0.113.7", "request-1")


def test_many_events_read_as_one_would(company: PersonaCompany) -> None:
    record_many(actor=None, deeds=[Deed("department.changed", company.sales, {"name": "a"}, {"name": "b"})] * 3)
    assert [event.changes for event in AuditEvent.all_rows.all()] == [{"name": ["a", "b"]}] * 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditevent SET action = 'nothing'",
        "DELETE FROM accounts_auditevent",
        "TRUNCATE accounts_auditevent",
    ],
)
def test_the_database_refuses_to_change_the_trail(company: PersonaCompany, statement: str) -> None:
    made = record(actor=company.seller.user, action="deal.moved")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE stumbles over checks that wait for the commit
    with (
        pytest.raises(IntegrityError, match=r"accounts_auditevent is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEvent.all_rows.get().action == made.action == "deal.moved"


def test_the_application_cannot_change_an_event_either(company: PersonaCompany) -> None:
    made = record(actor=company.seller.user, action="deal.moved")
    with pytest.raises(IntegrityError), transaction.atomic():
        made.delete()
    made.action = "nothing"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()
    assert AuditEvent.all_rows.get().action == "deal.moved"


def test_a_deed_that_fails_leaves_no_event(company: PersonaCompany) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=company.seller.user, action="deal.moved")
        raise ZeroDivisionError
    assert not AuditEvent.all_rows.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the deed"):
        record(actor=None, action="deal.moved")
    with pytest.raises(RuntimeError, match="in the transaction of the deed"):
        record_many(actor=None, deeds=[])
    assert not AuditEvent.all_rows.exists()


def test_the_administrator_reads_nothing_about_clients(company: PersonaCompany) -> None:
    with transaction.atomic():
        record(actor=company.seller.user, action="department.changed", obj=company.sales)
        record(actor=company.seller.user, action="contact.updated", after={"phone": "+74955550123"})
        record(actor=None, action="sign_in.failed", after={"email": "a••@example.org"})
        AuditEvent.all_rows.bulk_create([AuditEvent(action="contact.updated", object_type="pipeline.contact", object_id=1)])
    seen = AuditEvent.objects.visible_to(company.administrator.user).order_by("pk").values_list("action", flat=True)
    assert list(seen) == ["department.changed", "sign_in.failed"]
    assert AuditEvent.objects.visible_to(company.owner.user).count() == 4
    assert not AuditEvent.objects.visible_to(company.head.user).exists()


def test_the_page_goes_on_from_where_it_ended(company: PersonaCompany) -> None:
    record_many(actor=company.seller.user, deeds=[Deed("department.changed", company.sales, {"name": "a"}, {"name": "b"})] * 60)
    browser = company.administrator.client
    first = browser.get("/audit/", {"action": "department.changed"})
    assert len(first.context["events"]) == 50
    before = first.context["next_before"]
    second = browser.get("/audit/", {"action": "department.changed", "before": before})
    assert len(second.context["events"]) == 10
    shown = [event.event.pk for page in (first, second) for event in page.context["events"]]
    assert shown == sorted(set(shown), reverse=True)
    assert second.context["next_before"] is None


def test_the_page_narrows_by_person_and_row(company: PersonaCompany) -> None:
    record(actor=company.seller.user, action="department.changed", obj=company.sales)
    record(actor=company.head.user, action="department.changed", obj=company.office)
    browser = company.owner.client
    by_person = browser.get("/audit/", {"q": "seller@"}).context["events"]
    by_row = browser.get("/audit/", {"kind": "accounts.department", "number": str(company.office.pk)}).context["events"]
    assert [event.who for event in by_person] == ["Sergei Sokolov"]
    assert [event.who for event in by_row] == ["Helena Holt"]


def test_phones_and_addresses_of_contacts_are_masked_before_they_are_kept(company: PersonaCompany) -> None:
    contact = ContactFactory(phone="+74957770000", email="petra@nordwind.example")
    fields = {"phone": "+74957770099", "email": "secret.person@nordwind.example", "note": "Asks for a discount"}
    update_contact(actor=company.owner.user, contact=contact, fields=fields)
    contact.refresh_from_db()
    assert contact.phone == "+74957770099"
    assert AuditEvent.all_rows.get().changes == {
        "phone": ["+7495•••••00", "+7495•••••99"],
        "email": ["p••••@nordwind.example", "s••••••••••••@nordwind.example"],
        "note": ["", "Asks for a discount"],
    }
    record_many(actor=None, deeds=[Deed("contact.updated", contact, {}, {"phone": "+74957770099"})])
    assert AuditEvent.all_rows.latest("pk").changes == {"phone": [None, "+7495•••••99"]}


def test_a_change_behind_the_mask_is_still_a_change(company: PersonaCompany) -> None:
    contact = ContactFactory(phone="+74957770099")
    update_contact(actor=company.owner.user, contact=contact, fields={"phone": "+74958880099"})
    update_contact(actor=company.owner.user, contact=contact, fields={"phone": "+74951110099"})
    assert AuditEvent.all_rows.latest("pk").changes == {"phone": ["+7495•••••99", "+7495•••••99"]}


def test_addresses_of_people_stay_readable(company: PersonaCompany) -> None:
    record(actor=None, action="account.changed", obj=company.seller.user, after={"email": "seller@example.org"})
    assert AuditEvent.all_rows.get().changes == {"email": [None, "seller@example.org"]}


def test_the_page_masks_what_older_events_kept_in_full(company: PersonaCompany) -> None:
    contact = ContactFactory()
    changes = {"phone": ["+74957770000", "+74957770099"], "email": ["", "secret.person@nordwind.example"]}
    AuditEvent.all_rows.create(action="contact.updated", object_type="pipeline.contact", object_id=contact.pk, changes=changes)
    page = company.owner.client.get("/audit/?action=contact.updated").content.decode()
    assert "+7495•••••99" in page
    for hidden in ("+74957770000", "+74957770099", "secret.person"):
        assert hidden not in page
