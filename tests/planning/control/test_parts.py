"""What the parts of a plan have collected: every payment once, at the part where the plan of its month stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Assignment
from accounts.people.services import dismiss_employee
from pipeline.models import Contract, Relationship
from planning.control.pages import node_facts, team_rows
from planning.goals.parts import collected_by_part, parts_by_year
from planning.models import PlanNode, YearPlan
from salesys.db import clock
from salesys.db.effective import from_date
from salesys.db.scope import viewer_for
from salesys.kernel.periods import Month
from salesys.web.queries.plans import collected, seller_lines, year_by_month
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan, contract, deal, pay, running_plan

pytestmark = pytest.mark.django_db
JUNE = date(YEAR, 6, 1)


@pytest.fixture
def moved(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> YearPlan:
    """A seller moves from machinery to retail in June, and brings 100,000 before it and 50,000 after; it is September."""
    place = Assignment.all_rows.get(employee=company.seller.employee)
    place.close_on(JUNE)
    place.save()
    Assignment.all_rows.create(
        employee=place.employee,
        department=company.second_sales,
        role="seller",
        direction=company.retail,
        manager=company.rival_head.employee,
        valid=from_date(JUNE),
    )
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 1, 11, 9, tzinfo=UTC))
    plan = agreed_plan(company)
    signed = contract(deal(company.seller.employee, date(YEAR, 1, 11), reached="won", days=1), amount="300000.00")
    pay(signed, date(YEAR, 2, 10), "100000.00")
    pay(signed, date(YEAR, 8, 10), "50000.00")
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 9, 15, 9, tzinfo=UTC))
    return plan


def expected(company: PersonaCompany, plan: YearPlan) -> dict[int, Decimal]:
    """What each part has collected."""
    nodes = PlanNode.all_rows.filter(plan=plan)
    machinery, retail = nodes.get(level=1, direction=company.machinery), nodes.get(level=1, direction=company.retail)
    mine = {node.direction_id: node for node in nodes.filter(employee=company.seller.employee)}
    before, after = Decimal("100000.00"), Decimal("50000.00")
    return {
        nodes.get(level=0).pk: before + after,
        machinery.pk: before,
        retail.pk: after,
        mine[company.machinery.pk].pk: before,
        mine[company.retail.pk].pk: after,
    }


def test_a_part_leads_up_only_where_the_viewer_may_go(company: PersonaCompany, moved: YearPlan) -> None:
    own = PlanNode.all_rows.get(plan=moved, employee=company.seller.employee, direction=company.retail)
    above = f"/plan/nodes/{own.parent_id}/"
    page = company.seller.client.get(f"/plan/nodes/{own.pk}/").content.decode()
    assert company.seller.client.get(above).status_code == 404
    assert above not in page
    assert above in company.owner.client.get(f"/plan/nodes/{own.pk}/").content.decode()


def test_payments_of_a_mover_count_once(company: PersonaCompany, moved: YearPlan) -> None:
    found = {node.pk: node_facts(node).collected for node in PlanNode.all_rows.filter(plan=moved).select_related("plan")}
    assert {pk: amount for pk, amount in found.items() if amount} == expected(company, moved)


def test_the_list_of_parts_tells_the_same(company: PersonaCompany, moved: YearPlan) -> None:
    nodes = PlanNode.all_rows.filter(plan=moved)
    assert collected_by_part(nodes.values_list("pk", flat=True)) == expected(company, moved)
    for node in nodes:
        assert collected_by_part([node.pk]).get(node.pk, Decimal(0)) == expected(company, moved).get(node.pk, Decimal(0))
    (year,) = parts_by_year(nodes)
    assert [row.goal for row in year.rows if row.node.level == 0] == [Decimal("24000000.00")]


def test_the_company_has_payments_that_no_seller_brought(company: PersonaCompany, moved: YearPlan) -> None:
    signed = contract(deal(company.seller.employee, date(YEAR, 3, 1), reached="won", days=1), amount="7000.00")
    Contract.all_rows.filter(pk=signed.pk).update(seller=None)
    pay(signed, date(YEAR, 3, 31), "7000.00")
    pay(signed, date(YEAR, 4, 1), "-500.00")
    pay(signed, date(YEAR - 1, 12, 31), "11.00")
    whole = expected(company, moved)
    root = PlanNode.all_rows.get(plan=moved, level=0)
    whole[root.pk] += Decimal("6500.00")
    nodes = PlanNode.all_rows.filter(plan=moved).select_related("plan")
    assert {node.pk: fact for node in nodes if (fact := node_facts(node).collected)} == whole
    assert collected_by_part(nodes.values_list("pk", flat=True)) == whole
    assert [month.collected for month in node_facts(root).months[1:4]] == [Decimal(100000), Decimal(7000), Decimal(-500)]
    viewer = viewer_for(company.owner.user)
    assert year_by_month(viewer, collected(viewer, clock.today())).fact_of_year == whole[root.pk]


def test_heads_answer_for_the_months_of_their_part(company: PersonaCompany, moved: YearPlan) -> None:
    """One head sees the payments by the client's direction, the other by the seller, who reports there by now."""
    signed = company.seller.employee.contracts.get()
    signed.company.direction = company.machinery
    signed.company.save()
    hunter = {"employee": company.seller.employee, "kind": "hunter", "valid": from_date(date(YEAR, 1, 11))}
    Relationship.all_rows.create(company=signed.company, **hunter)
    facts = {}
    for persona in (company.head, company.rival_head, company.owner):
        viewer = viewer_for(persona.user)
        facts[persona] = year_by_month(viewer, collected(viewer, clock.today())).fact_of_year
    assert [*facts.values()] == [Decimal("100000.00"), Decimal("50000.00"), Decimal("150000.00")]


def test_the_lines_of_a_mover_hold_the_months_of_each_direction(company: PersonaCompany, moved: YearPlan) -> None:
    viewer = viewer_for(company.owner.user)
    lines = seller_lines(viewer, collected(viewer, clock.today()))
    mine = {line.direction: line for line in lines if line.employee_id == company.seller.employee.pk}
    assert {name: line.fact_to_date for name, line in mine.items()} == {
        "Machinery": Decimal("100000.00"),
        "Retail": Decimal("50000.00"),
    }


def test_money_of_who_left_within_a_month_stays_on_its_page(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 1, 11, 9, tzinfo=UTC))
    seller, march = company.second_seller.employee, Month(YEAR, 3)
    running_plan(company)
    signed = contract(deal(seller, date(YEAR, 1, 11), reached="won", days=1), amount="900000.00")
    pay(signed, date(YEAR, 3, 10), "500000.00")
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 5, 10, 9, tzinfo=UTC))
    dismiss_employee(actor=None, employee=seller, from_on=date(YEAR, 3, 20))
    for persona in (company.director, company.head):
        rows = team_rows(persona.user, march, clock.today())
        money = {row.name: row.money.collected for row in rows if row.money}
        assert money[seller.full_name] == Decimal("500000.00")
        assert seller.full_name not in {row.name for row in team_rows(persona.user, march.plus(1), clock.today())}
    assert seller.full_name not in {row.name for row in team_rows(company.rival_head.user, march, clock.today())}


def test_who_changed_role_within_a_month_stands_once(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 5, 10, 9, tzinfo=UTC))
    place = Assignment.all_rows.get(employee=company.assistant.employee)
    place.close_on(date(YEAR, 3, 15))
    place.save()
    Assignment.all_rows.create(
        employee=place.employee,
        department=place.department,
        role="telesales",
        manager=place.manager,
        valid=from_date(date(YEAR, 3, 15)),
    )
    rows = team_rows(company.director.user, Month(YEAR, 3), clock.today())
    assert [row.role for row in rows if row.employee_id == place.employee_id] == ["telesales"]
    assert len({row.employee_id for row in rows}) == len(rows)


def test_plans_show_goal_and_collections_by_year(company: PersonaCompany, moved: YearPlan) -> None:
    client, statements = company.director.client, []
    client.get("/plan/")
    for year in (YEAR - 1, YEAR - 2):
        agreed_plan(company, "12000000.00", year=year)
        with CaptureQueriesContext(connection) as captured:
            client.get("/plan/")
        statements.append(len(captured))
    assert statements[0] == statements[1]
    page = company.director.client.get("/plan/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for text in ("₽24,000,000", "₽150,000", "₽12,000,000", f"Part of the plan {YEAR}"):
        assert text in page
    assert page.index(f"Part of the plan {YEAR}") < page.index(f"<summary>{YEAR - 1}</summary>")
    own = company.second_seller.client.get("/plan/").content.decode()
    assert own.count("/plan/nodes/") == 3
