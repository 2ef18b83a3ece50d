"""What the structure answers about any date, and what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.access.viewer import viewer_of
from accounts.models import Employee
from accounts.roles import Role
from accounts.structure.assigning import assign_employee
from accounts.structure.placement import Placement
from accounts.structure.queries import structure_tree
from tests.personas import START, PersonaCompany

MAY = date(2025, 5, 1)


def below(manager: Employee, on: date) -> dict[str, int]:
    """Code and depth of everyone below, as the database's function says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.code, s.depth FROM accounts_subordinates(%s) s JOIN accounts_employee e ON e.id = s.employee_id"
            " WHERE s.manager_id = %s",
            [on, manager.pk],
        )
        return dict(cursor.fetchall())


def test_the_tree_shows_each_date_as_it_was(company: PersonaCompany) -> None:
    placement = Placement(company.clients, Role.CLIENT_MANAGER, company.machinery, company.head.employee)
    assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)

    def place_of(on: date) -> list[str]:
        (root,) = structure_tree(on)
        return [
            branch.department.name
            for branch in root.branches
            for seat in branch.seats
            if seat.employee_id == company.seller.employee.pk
        ]

    assert place_of(START) == ["Sales"]
    assert place_of(MAY - timedelta(days=1)) == ["Sales"]
    assert place_of(MAY) == ["Clients"]
    assert place_of(START - timedelta(days=1)) == []


def test_the_tree_counts_everyone_once_and_costs_two_statements(company: PersonaCompany, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        (root,) = structure_tree(MAY)
    assert root.people == 18
    assert [seat.role for seat in root.seats] == [Role.OWNER, Role.COMMERCIAL_DIRECTOR]


def test_subordinates_are_those_of_the_date(company: PersonaCompany) -> None:
    placement = Placement(company.second_sales, Role.SELLER, company.retail, company.rival_head.employee)
    assign_employee(actor=None, employee=company.seller.employee, placement=placement, from_on=MAY)
    before, after = below(company.head.employee, MAY - timedelta(days=1)), below(company.head.employee, MAY)
    assert before == {"seller": 1, "second_seller": 1, "telesales": 1, "client_manager": 1, "assistant": 2}
    assert after == {"second_seller": 1, "telesales": 1, "client_manager": 1, "assistant": 2}
    assert below(company.rival_head.employee, MAY)["seller"] == 1
    assert below(company.owner.employee, MAY)["seller"] == 3


def test_the_viewer_knows_the_team_of_today(company: PersonaCompany) -> None:
    viewer = viewer_of(company.head.user)
    team = {persona.employee.pk for persona in (company.head, company.seller, company.second_seller, company.telesales)}
    assert team | {company.client_manager.employee.pk, company.assistant.employee.pk} == viewer.team_ids
    assert viewer_of(company.seller.user).team_ids == frozenset({company.seller.employee.pk})
    assert viewer_of(company.rival_head.user).team_ids.isdisjoint(team)


def test_a_name_leads_only_where_the_viewer_may_go(company: PersonaCompany) -> None:
    page = company.head.client.get("/structure/").content.decode()
    for persona, is_open in ((company.owner, False), (company.seller, True)):
        url = f"/people/{persona.employee.pk}/"
        assert persona.employee.full_name in page
        assert (f'href="{url}"' in page) == is_open == (company.head.client.get(url).status_code == 200)
