"""The trail as people read it: deeds and fields in words, names only of what the reader may see, filters that stay."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.audit import Deed, record, record_many
from accounts.access.trail import Change, ShownEvent, shown_events
from accounts.access.wording import KINDS, field_label, value_text
from accounts.models import AuditEvent
from accounts.people.services import dismiss_employee, hire_employee
from accounts.roles import Role
from accounts.structure.assigning import assign_employee
from accounts.structure.placement import Placement
from pipeline.deals.services import move_deal
from pipeline.models import Deal
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from tests.factories import CompanyFactory, ContactFactory
from tests.personas import Persona, PersonaCompany
from tests.pipeline.factories import DealFactory, freeze

NBSP = "\N{NO-BREAK SPACE}"
NOON = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, NOON)


def shown(persona: Persona, **wanted: Any) -> ShownEvent:
    """The newest event that fits, as the persona reads it."""
    event = AuditEvent.objects.visible_to(persona.user).filter(**wanted).first()
    assert event is not None
    (read,) = shown_events(persona.user, [event])
    plain = (
        Change(change.field, *(text.replace(NBSP, " ") for text in (change.before, change.after))) for change in read.changes
    )
    return replace(read, changes=tuple(plain))


def test_a_change_of_place_is_told_in_words(company: PersonaCompany) -> None:
    place = Placement(company.clients, Role.CLIENT_MANAGER, company.retail, company.rival_head.employee)
    assign_employee(actor=company.hr.user, employee=company.seller.employee, placement=place, from_on=clock.today())
    read = shown(company.administrator, action="assignment.changed")
    assert (read.who, read.label, read.kind, read.name) == (
        "Irina Ives", "Place of a person changed", "Place of a person", "Sergei Sokolov",
    )  # fmt: skip
    assert read.changes == (
        Change("department", "Sales", "Clients"),
        Change("direction", "Machinery", "Retail"),
        Change("from", "", "18 Nov 2026"),
        Change("manager", "Helena Holt", "Roman Reznik"),
        Change("role", "seller", "client manager"),
    )


def test_dates_names_and_yes_and_no_are_what_people_write(company: PersonaCompany) -> None:
    successor = company.director.employee
    dismiss_employee(actor=company.hr.user, employee=company.head.employee, from_on=clock.today(), successor=successor)
    gone = shown(company.owner, action="employee.dismissed")
    assert (gone.name, gone.changes) == (
        "Helena Holt",
        (Change("dismissed on", "", "18 Nov 2026"), Change("who takes over", "", "Denis Dolin")),
    )
    closed = shown(company.owner, action="account.closed")
    assert (closed.kind, closed.name) == ("Sign-in", "head@example.org")
    assert closed.changes == (Change("active", "yes", "no"), Change("tokens revoked", "", "0"))


def test_stages_of_a_deal_are_named_by_code_and_number(company: PersonaCompany) -> None:
    deal: Deal = DealFactory(seller=company.seller.employee, title="Lathes")
    move_deal(actor=company.seller.user, deal=deal, stage="proposal")
    read = shown(company.owner, action="deal.moved")
    assert (read.label, read.kind, read.name) == ("Deal moved to another stage", "Deal", "Lathes")
    assert read.changes == (Change("day", "", "18 Nov 2026"), Change("stage", "Warm contact", "Proposal"))


def test_who_may_not_see_a_row_reads_its_number(company: PersonaCompany) -> None:
    client = CompanyFactory(name="Nordwind")
    record(actor=company.owner.user, action="clients.reassigned", obj=company.seller.employee, after={"company": client.pk})
    assert shown(company.owner).changes == (Change("company", "", "Nordwind"),)
    assert shown(company.administrator).changes == (Change("company", "", f"Company {client.pk}"),)
    contact = ContactFactory(full_name="Petra Pohl")
    record(actor=company.seller.user, action="contact.opened", obj=contact)
    assert shown(company.owner, action="contact.opened").name == "Petra Pohl"


def test_a_row_that_is_gone_has_no_name(company: PersonaCompany) -> None:
    made = AuditEvent.all_rows.create(action="pair.formed", object_type="accounts.pair", object_id=10**12)
    assert (shown(company.owner, pk=made.pk).kind, shown(company.owner, pk=made.pk).name) == ("Pair", "")
    old = AuditEvent.all_rows.create(action="moon.landed", object_type="accounts.moon", object_id=1, changes={"crater": [1, 2]})
    read = shown(company.owner, pk=old.pk)
    assert (read.label, read.kind, read.name, read.changes) == ("Moon.landed", "Accounts.moon", "", (Change("crater", "1", "2"),))


def test_secrets_are_never_shown(company: PersonaCompany) -> None:
    changes = {"password": ["a", "b"], "secret_hash": ["c", "d"], "name": ["1C", "Bank"]}
    made = AuditEvent.all_rows.create(action="token.issued", changes=changes)
    assert shown(company.owner, pk=made.pk).changes == (Change("name", "1C", "Bank"),)


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        ("", "note", None, ""),
        ("", "full", True, "yes"),
        ("", "scopes", ["deals:read", "deals:write"], "deals:read, deals:write"),
        ("", "companies", [5, 6, 7], "3 entries"),
        ("", "companies", [5], "1 entry"),
        ("", "terms", {"a": 1, "b": 2}, "2 entries"),
        ("", "note", "x" * 200, "x" * 119 + "…"),
        ("", "on", "2026-11-18", "18 Nov 2026"),
        ("", "number", "2026-99-99", "2026-99-99"),
        ("accounts.department", "kind", "telesales", "telesales"),
        ("accounts.employee", "role", "seller", "seller"),
        ("pipeline.task", "status", "in_progress", "in progress"),
        ("", "amount", str(Decimal("12.50")), "12.50"),
    ],
)
def test_values_are_readable(kind: str, name: str, value: object, text: str) -> None:
    assert value_text(kind, name, value).replace(NBSP, " ") == text


def test_fields_without_a_name_of_their_own_are_called_as_the_model_calls_them() -> None:
    assert field_label("pipeline.company", "annual_revenue") == "annual revenue"
    assert field_label("pipeline.company", "some_thing") == "some thing"
    assert len(KINDS) > 20


def test_names_of_every_kind_of_row_cost_one_statement(company: PersonaCompany) -> None:
    kinds = [kind for kind in KINDS if kind != "pipeline.call"]
    AuditEvent.all_rows.bulk_create(
        AuditEvent(actor=company.owner.user, action="deal.moved", object_type=kind, object_id=1) for kind in kinds
    )
    events = list(AuditEvent.all_rows.all())
    user = company.owner.user
    viewer_for(user)
    with CaptureQueriesContext(connection) as queries:
        assert len(shown_events(user, events)) == len(kinds)
    assert len(queries) == 2


def test_the_owner_reads_names_however_many_kinds_of_rows_there_are(company: PersonaCompany) -> None:
    for kind in KINDS:
        AuditEvent.all_rows.create(action="deal.moved", object_type=kind, object_id=10**12)
    for row in (company.sales, company.machinery, company.seller.user, company.seller.employee):
        record(actor=company.owner.user, action="department.changed", obj=row, after={"department": company.office.pk})
    events = list(AuditEvent.objects.visible_to(company.owner.user))[:4]
    read = shown_events(company.owner.user, events)
    assert {event.name for event in read} == {"Sales", "Machinery", "seller@example.org", "Sergei Sokolov"}
    assert {change.after for event in read for change in event.changes} == {"Office"}


def page(persona: Persona, **query: Any) -> Any:
    return persona.client.get("/audit/", query)


def test_the_page_shows_words_and_a_small_table_instead_of_codes(company: PersonaCompany) -> None:
    hire_employee(actor=company.hr.user, full_name="Nadia Novak", hired_on=clock.today())
    text = page(company.administrator).content.decode()
    assert "Person hired" in text
    assert "Person: Nadia Novak" in text
    assert '<table class="changes">' in text
    visible = re.sub(r"<[^>]*>", " ", text[text.index('id="rows"') :])
    for code in ("employee.hired", "accounts.employee", "hired_on", "{", "["):
        assert code not in visible


@pytest.fixture
def past(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> PersonaCompany:
    """Three people did two kinds of things on two days."""
    record(actor=company.hr.user, action="department.changed", obj=company.sales)
    record(actor=company.hr.user, action="department.moved", obj=company.sales)
    record(actor=company.administrator.user, action="department.changed", obj=company.office)
    record(actor=None, action="account.closed", obj=company.seller.user)
    return company


def found(persona: Persona, **query: Any) -> list[tuple[str, str]]:
    return [(event.who, event.event.action) for event in page(persona, **query).context["events"]]


def test_filters_narrow_by_person_action_and_date(past: PersonaCompany) -> None:
    owner = past.owner
    assert found(owner, q="ives") == [("Irina Ives", "department.moved"), ("Irina Ives", "department.changed")]
    assert found(owner, q="administrator@") == [("Ada Adler", "department.changed")]
    assert found(owner, action="department.changed") == [
        ("Ada Adler", "department.changed"), ("Irina Ives", "department.changed"),
    ]  # fmt: skip
    assert found(owner, q="ives", action="department.moved") == [("Irina Ives", "department.moved")]
    assert found(owner, q="nobody") == []
    today = AuditEvent.all_rows.latest("pk").at.astimezone(company_time_zone()).date()
    assert len(found(owner, since=today, until=today)) == 4
    assert found(owner, since=today.replace(year=today.year + 1)) == []
    assert found(owner, until=today.replace(year=today.year - 1)) == []


def test_one_row_keeps_its_history(past: PersonaCompany) -> None:
    response = page(past.owner, kind="accounts.department", number=past.office.pk)
    assert [event.who for event in response.context["events"]] == ["Ada Adler"]
    assert f"Only: Department {past.office.pk}" in response.content.decode()


def test_filters_keep_their_place(company: PersonaCompany) -> None:
    record_many(actor=company.hr.user, deeds=[Deed("department.changed", company.sales, {"name": "a"}, {"name": "b"})] * 51)
    query = {"q": "ives", "action": "department.changed", "since": "2020-01-02", "until": "2100-01-02"}
    first = page(company.owner, **query, kind="accounts.department")
    text = first.content.decode()
    assert 'value="ives"' in text
    assert '<option value="department.changed" selected>' in text
    assert 'value="2020-01-02"' in text
    assert 'value="2100-01-02"' in text
    assert '<input type="hidden" name="kind" value="accounts.department">' in text
    link = re.search(r'href="\?([^"]*before=\d+)"', text)
    assert link is not None
    for name, value in query.items():
        assert f"{name}={value}" in link[1]
    second = company.owner.client.get("/audit/?" + link[1].replace("&amp;", "&"))
    assert len(second.context["events"]) == 1
    assert second.context["asked"]["action"] == "department.changed"


@pytest.mark.parametrize("query", ["since=soon", "number=x", "number=99999999999999999999", "before=-1", "q=%00", "action=x"])
def test_nonsense_narrows_nothing_and_is_no_error(past: PersonaCompany, query: str) -> None:
    assert past.owner.client.get(f"/audit/?{query}").status_code == 200


def test_the_administrator_is_offered_what_they_may_read(past: PersonaCompany) -> None:
    mine, all_of_it = page(past.administrator).content.decode(), page(past.owner).content.decode()
    assert 'value="department.changed"' in mine
    assert 'value="deal.moved"' not in mine
    assert 'value="deal.moved"' in all_of_it


def test_the_administrators_home_speaks_in_words_too(past: PersonaCompany) -> None:
    text = past.administrator.client.get("/").content.decode()
    assert "Department moved" in text
    assert "Sign-in closed" in text
    assert "department: moved" not in text
    assert 'href="/audit/"' in text
