"""Who holds a client changes from a date on, and every past day keeps its answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent
from pipeline.clients.relationships import Holding
from pipeline.clients.services import hand_over_company, open_relationships, reassign_clients_of, take_relationship
from pipeline.models import Company, Relationship
from salesys.db import clock
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.factories import START, CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def holders(client: Company, kind: str = "hunter") -> list[tuple[str, date, date | None]]:
    rows: Any = Relationship.all_rows.filter(company=client, kind=kind).order_by("valid")
    return [(row.employee.full_name, row.valid_from, row.valid_to) for row in rows]


def test_the_old_row_ends_where_the_new_one_begins(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    hand_over_company(
        actor=company.director.user,
        company=client,
        employee=company.second_seller.employee,
        kind="hunter",
        from_on=JUNE,
        reason="load",
    )
    assert holders(client) == [("Sergei Sokolov", START, JUNE), ("Sofia Stern", JUNE, None)]
    assert Relationship.all_rows.get(employee=company.second_seller.employee).reason == "load"


def test_the_same_holder_again_changes_nothing(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    hand_over_company(actor=company.director.user, company=client, employee=company.seller.employee, kind="hunter", from_on=JUNE)
    assert holders(client) == [("Sergei Sokolov", START, None)]


def test_what_is_planned_after_it_stays(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee, end=JULY).company
    RelationshipFactory(company=client, employee=company.rival_seller.employee, start=JULY)
    hand_over_company(
        actor=company.director.user, company=client, employee=company.second_seller.employee, kind="hunter", from_on=JUNE
    )
    assert holders(client) == [
        ("Sergei Sokolov", START, JUNE), ("Sofia Stern", JUNE, JULY), ("Rita Rossi", JULY, None),
    ]  # fmt: skip


def test_on_the_very_day_the_holder_is_replaced(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee, start=JUNE).company
    hand_over_company(
        actor=company.director.user, company=client, employee=company.second_seller.employee, kind="hunter", from_on=JUNE
    )
    assert holders(client) == [("Sofia Stern", JUNE, None)]
    assert AuditEvent.all_rows.filter(action="relationship.changed").exists()


def test_a_client_of_nobody_gets_a_holder_until_the_next_one(company: PersonaCompany) -> None:
    client = CompanyFactory(direction=company.machinery)
    RelationshipFactory(company=client, employee=company.seller.employee, start=JULY)
    hand_over_company(
        actor=company.director.user, company=client, employee=company.second_seller.employee, kind="hunter", from_on=MAY
    )
    assert holders(client) == [("Sofia Stern", MAY, JULY), ("Sergei Sokolov", JULY, None)]


def test_other_kinds_are_not_touched(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    hand_over_company(
        actor=company.director.user,
        company=client,
        employee=company.client_manager.employee,
        kind="account_manager",
        from_on=JUNE,
    )
    assert holders(client) == [("Sergei Sokolov", START, None)]
    assert holders(client, "account_manager") == [("Karina Kern", JUNE, None)]


@pytest.mark.parametrize("persona", ["seller", "second_seller", "client_manager", "rival_head", "telesales"])
def test_nobody_takes_a_client_for_themselves(company: PersonaCompany, persona: str) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    person = company.personas[persona]
    with pytest.raises(NotAllowed):
        hand_over_company(actor=person.user, company=client, employee=person.employee, kind="hunter", from_on=JUNE)
    assert holders(client) == [("Sergei Sokolov", START, None)]


def test_no_head_takes_a_client(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    head = company.head
    with pytest.raises(NotAllowed):
        hand_over_company(actor=head.user, company=client, employee=head.employee, kind="hunter", from_on=clock.today())
    with pytest.raises(NotAllowed):
        reassign_clients_of(actor=head.user, employee=company.seller.employee, to=head.employee, from_on=clock.today())
    assert holders(client) == [("Sergei Sokolov", START, None)]


def test_a_head_hands_over_from_today_on_and_not_over_days_that_are_credited(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    head, new, today = company.head.user, company.second_seller.employee, clock.today()
    with pytest.raises(InvalidInput) as caught:
        hand_over_company(actor=head, company=client, employee=new, kind="hunter", from_on=clock.yesterday())
    assert (caught.value.issues[0].code, caught.value.issues[0].field) == ("in_the_past", "from_on")
    with pytest.raises(InvalidInput):
        reassign_clients_of(actor=head, employee=company.seller.employee, to=new, from_on=clock.yesterday())
    assert holders(client) == [("Sergei Sokolov", START, None)]
    hand_over_company(actor=head, company=client, employee=new, kind="hunter", from_on=today)
    assert holders(client) == [("Sergei Sokolov", START, today), ("Sofia Stern", today, None)]


def test_who_has_left_gets_nothing(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    gone = company.second_seller.employee
    gone.dismissed_on = JUNE
    gone.save()
    with pytest.raises(InvalidInput) as caught:
        hand_over_company(actor=company.director.user, company=client, employee=gone, kind="hunter", from_on=JUNE)
    assert caught.value.issues[0].code == "does_not_work_here"
    assert holders(client) == [("Sergei Sokolov", START, None)]


def test_an_unknown_kind_is_refused(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    with pytest.raises(InvalidInput) as caught:
        hand_over_company(
            actor=company.director.user, company=client, employee=company.seller.employee, kind="uncle", from_on=JUNE
        )
    assert caught.value.issues[0].field == "kind"


def test_what_somebody_holds_is_not_taken(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    with pytest.raises(Conflict):
        take_relationship(actor=None, company=client, employee=company.second_seller.employee, kind="hunter", from_on=JUNE)
    again = take_relationship(actor=None, company=client, employee=company.seller.employee, kind="hunter", from_on=JUNE)
    assert (again.valid_from, holders(client)) == (START, [("Sergei Sokolov", START, None)])


def test_all_clients_of_a_person_change_hands_on_a_date(company: PersonaCompany) -> None:
    old, new = company.seller.employee, company.second_seller.employee
    running = RelationshipFactory(employee=old).company
    ended = RelationshipFactory(employee=old, end=MAY).company
    coming = RelationshipFactory(employee=old, start=JULY).company
    until = RelationshipFactory(employee=old, end=JULY).company
    others = RelationshipFactory(employee=company.rival_seller.employee).company
    warmed = RelationshipFactory(employee=old, kind="telesales").company
    assert reassign_clients_of(actor=company.director.user, employee=old, to=new, from_on=JUNE) == 3
    assert holders(running) == [("Sergei Sokolov", START, JUNE), ("Sofia Stern", JUNE, None)]
    assert holders(until) == [("Sergei Sokolov", START, JUNE), ("Sofia Stern", JUNE, JULY)]
    assert holders(coming) == [("Sofia Stern", JULY, None)]
    assert holders(ended) == [("Sergei Sokolov", START, MAY)]
    assert holders(others) == [("Rita Rossi", START, None)]
    assert holders(warmed, "telesales") == [("Sergei Sokolov", START, None)]
    event = AuditEvent.all_rows.get(action="clients.reassigned")
    assert event.changes["companies"] == [None, sorted([running.pk, until.pk, coming.pk])]
    assert reassign_clients_of(actor=company.director.user, employee=old, to=new, from_on=JUNE) == 0


def test_only_the_heads_of_a_person_reassign(company: PersonaCompany) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    for persona in (company.rival_head, company.second_seller, company.hr):
        with pytest.raises(NotAllowed):
            reassign_clients_of(
                actor=persona.user, employee=company.seller.employee, to=company.second_seller.employee, from_on=JUNE
            )
    with pytest.raises(InvalidInput):
        reassign_clients_of(actor=None, employee=company.seller.employee, to=company.seller.employee, from_on=JUNE)
    assert holders(client) == [("Sergei Sokolov", START, None)]


def test_many_are_opened_at_once_and_overlaps_left_out(company: PersonaCompany) -> None:
    held = RelationshipFactory(employee=company.seller.employee).company
    free = CompanyFactory()
    employee = company.second_seller.employee.pk
    wanted = [
        Holding(held.pk, employee, "hunter", JUNE),
        Holding(free.pk, employee, "hunter", MAY, JUNE),
        Holding(free.pk, employee, "hunter", JUNE),
        Holding(free.pk, employee, "hunter", JUNE + timedelta(days=3)),
    ]
    assert open_relationships(actor=None, holdings=wanted) == 2
    assert holders(held) == [("Sergei Sokolov", START, None)]
    assert holders(free) == [("Sofia Stern", MAY, JUNE), ("Sofia Stern", JUNE, None)]
