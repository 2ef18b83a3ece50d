"""Start pages say what is so: sums to the kopeck, the viewer's own rows only, the most urgent first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache

from accounts.models import Employee
from compensation.models import PayPeriod
from pipeline.models import Call, Company, Contract, Deal, ImportBatch, ImportIssue, Payment, Relationship, Stage, Task
from planning.models import DailyTarget, HeadcountNeed, PlanAmount, PlanNode, YearPlan
from salesys.db.effective import from_date
from salesys.db.scope import viewer_for
from salesys.shell.charts import Chart
from salesys.web.home import company as company_pages
from salesys.web.home import conveyor, office, selling
from salesys.web.home.page import HomePage
from tests.personas import Persona, PersonaCompany

TODAY = date(2026, 3, 16)
NOON = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_warnings_of_other_tests() -> None:
    cache.clear()


def client_of(persona: Persona, name: str) -> Company:
    row = Company.all_rows.create(name=name)
    Relationship.all_rows.create(company=row, employee=persona.employee, kind="hunter", valid=from_date(date(2025, 2, 1)))
    return row


def contract_of(persona: Persona, client: Company, number: str, *, amount: int = 0, due_on: date | None = None) -> Contract:
    return Contract.all_rows.create(
        number=number, company=client, seller=persona.employee, signed_on=date(2026, 1, 12), amount=Decimal(amount), due_on=due_on
    )


def pay(contract: Contract, paid_on: date, amount: str) -> Payment:
    net = Decimal(amount)
    return Payment.all_rows.create(
        reference=f"{contract.number}-{paid_on}",
        company=contract.company,
        contract=contract,
        paid_on=paid_on,
        amount=net,
        currency="RUB",
        vat_rate=0,
        amount_without_vat=net,
        source="form",
    )


def agree_plan(company: PersonaCompany) -> YearPlan:
    """Each month 300 for the seller and 100 for the rival, in their directions."""
    plan = YearPlan.all_rows.create(year=2026, goal=Decimal(4800))
    top = PlanNode.all_rows.create(plan=plan, level=0)
    parts = ((company.machinery, company.seller, 300), (company.retail, company.rival_seller, 100))
    amounts = {top.pk: 400}
    for direction, persona, amount in parts:
        middle = PlanNode.all_rows.create(plan=plan, level=1, parent=top, direction=direction)
        leaf = PlanNode.all_rows.create(plan=plan, level=2, parent=middle, direction=direction, employee=persona.employee)
        amounts |= {middle.pk: amount, leaf.pk: amount}
    PlanAmount.all_rows.bulk_create(
        PlanAmount(node_id=node, month=date(2026, month, 1), amount=amount)
        for node, amount in amounts.items()
        for month in range(1, 13)
    )
    YearPlan.all_rows.filter(pk=plan.pk).update(status=YearPlan.Status.AGREED, agreed_at=NOON)
    return plan


@pytest.fixture
def year(company: PersonaCompany) -> PersonaCompany:
    """A plan, two sellers with a client each, and payments of three months."""
    agree_plan(company)
    mine = contract_of(company.seller, client_of(company.seller, "Zarya"), "A-1", amount=2000, due_on=date(2026, 3, 1))
    theirs = contract_of(company.rival_seller, client_of(company.rival_seller, "Rival"), "B-1", amount=500)
    for contract, paid_on, amount in (
        (mine, date(2026, 1, 20), "310.10"),
        (mine, date(2026, 2, 20), "200.00"),
        (mine, date(2026, 3, 2), "150.05"),
        (theirs, date(2026, 3, 3), "90.00"),
        (mine, date(2025, 12, 30), "999.00"),
    ):
        pay(contract, paid_on, amount)
    return company


def page(builder: object, persona: Persona) -> HomePage:
    found: HomePage = builder(viewer_for(persona.user), TODAY)  # type: ignore[operator]
    return found


def test_owner_sees_the_company_against_its_goal(year: PersonaCompany) -> None:
    context = page(company_pages.owner, year.owner).context

    shown = context["year"]
    assert (shown.fact_of_month, shown.plan_of_month) == (Decimal("240.05"), Decimal(400))
    assert (shown.fact_of_year, shown.plan_of_year) == (Decimal("750.15"), Decimal(4800))
    assert shown.plan_to_date == Decimal(800) + Decimal("206.45")
    assert [(line.name, line.month_fact, line.fact_to_date) for line in context["directions"]] == [
        ("Machinery", Decimal("150.05"), Decimal("660.15")),
        ("Retail", Decimal("90.00"), Decimal("90.00")),
    ]


def test_directions_of_the_start_page_sum_to_the_company(year: PersonaCompany) -> None:
    context = page(company_pages.owner, year.owner).context

    assert sum(line.fact_to_date for line in context["directions"]) == context["year"].fact_of_year
    assert sum(line.month_plan for line in context["directions"]) == context["year"].plan_of_month


def test_owner_is_warned_of_what_grows_into_a_loss(year: PersonaCompany) -> None:
    plan = YearPlan.all_rows.get()
    HeadcountNeed.all_rows.create(
        plan=plan, role="telesales", month=date(2026, 5, 1), units=900, needed=3, present=1, missing=2, hire_from=date(2026, 4, 1)
    )
    losing = contract_of(year.seller, Company.all_rows.get(name="Zarya"), "A-2", amount=100)
    Contract.all_rows.filter(pk=losing.pk).update(direct_cost=Decimal(130))

    warnings = page(company_pages.owner, year.owner).context["warnings"]

    assert [str(warning.title) for warning in warnings] == [
        "The year is behind its plan",
        "Too much hangs on one client",
        "1 contract loses money",
        "Telesales: 2 to hire",
    ]
    assert "Zarya" in str(warnings[1].text)
    assert "₽30" in str(warnings[2].text)


def test_owner_without_a_plan_is_told_to_make_one(company: PersonaCompany) -> None:
    context = page(company_pages.owner, company.owner).context

    assert [str(warning.title) for warning in context["warnings"]] == ["No plan is agreed for this year"]
    assert context["chart"] is None


def test_director_sees_who_is_furthest_behind_and_what_waits_for_approval(year: PersonaCompany) -> None:
    PayPeriod.all_rows.create(month_on=date(2026, 2, 1), status="calculated", calculated_at=NOON)
    PayPeriod.all_rows.create(month_on=date(2026, 3, 1), status="calculated", calculated_at=NOON)

    context = page(company_pages.commercial_director, year.director).context

    assert [line.name for line in context["sellers"]] == ["Rita Rossi", "Sergei Sokolov"]
    assert [period.month_on for period in context["to_approve"]] == [date(2026, 2, 1)]


def test_director_is_warned_of_what_the_owner_is_warned_of(year: PersonaCompany) -> None:
    losing = contract_of(year.seller, Company.all_rows.get(name="Zarya"), "A-2", amount=100)
    Contract.all_rows.filter(pk=losing.pk).update(direct_cost=Decimal(130))

    builders = (company_pages.owner, company_pages.commercial_director)
    warned = [page(builder, year.owner).context["warnings"] for builder in builders]

    assert [str(warning.title) for warning in warned[0]] == [str(warning.title) for warning in warned[1]]
    assert "1 contract loses money" in [str(warning.title) for warning in warned[1]]


def test_seller_sees_the_own_part_only(year: PersonaCompany) -> None:
    context = page(selling.seller, year.seller).context

    shown = context["year"]
    assert (shown.plan_of_month, shown.fact_of_month, shown.fact_of_year) == (Decimal(300), Decimal("150.05"), Decimal("660.15"))
    assert isinstance(context["chart"], Chart)
    assert context["chart"].series[0].values[-1] == Decimal(3600)


def test_deal_without_a_next_step_stands_first(company: PersonaCompany) -> None:
    stage = Stage.all_rows.earliest("position")
    for title, on, amount in (("later", date(2026, 3, 20), 900), ("late", date(2026, 3, 2), 10), ("forgotten", None, 5)):
        Deal.all_rows.create(
            title=title, seller=company.seller.employee, stage=stage, opened_on=date(2026, 2, 1), next_step_on=on, amount=amount
        )
    Deal.all_rows.create(title="a colleague's", seller=company.second_seller.employee, stage=stage, opened_on=TODAY)

    lines = page(selling.seller, company.seller).context["deals"]

    assert [(line.title, line.is_late) for line in lines] == [("forgotten", True), ("late", True), ("later", False)]


def test_head_sees_everyone_below_and_who_needs_help(year: PersonaCompany) -> None:
    Call.all_rows.create(
        called_on=date(2026, 3, 10),
        started_at=NOON,
        employee=year.telesales.employee,
        company=Company.all_rows.get(name="Zarya"),
        outcome="warm",
    )

    context = page(selling.industry_head, year.head).context

    members = {member.name: member for member in context["members"]}
    assert set(members) == {"Sergei Sokolov", "Sofia Stern", "Tatiana Titova", "Alina Amber", "Karina Kern"}
    assert (members["Sergei Sokolov"].plan, members["Sergei Sokolov"].fact) == (Decimal(300), Decimal("150.05"))
    assert members["Tatiana Titova"].calls.warm == 1
    assert context["year"].fact_of_month == Decimal("150.05")
    assert "Rita Rossi" not in members


def test_head_is_told_who_is_behind(company: PersonaCompany) -> None:
    agree_plan(company)

    context = page(selling.industry_head, company.head).context

    first = context["members"][0]
    assert (first.name, first.help) == ("Sergei Sokolov", "behind plan")
    assert context["in_need"] == 1


def test_client_manager_sees_what_clients_owe_and_who_went_quiet(company: PersonaCompany) -> None:
    client = client_of(company.client_manager, "Zarya")
    late = contract_of(company.client_manager, client, "A-1", amount=500, due_on=date(2026, 3, 1))
    contract_of(company.client_manager, client, "A-2", amount=70, due_on=date(2026, 4, 1))
    contract_of(company.rival_seller, client_of(company.rival_seller, "Rival"), "B-1", amount=900, due_on=date(2026, 2, 1))
    pay(late, date(2026, 1, 5), "100.00")

    context = page(selling.client_manager, company.client_manager).context

    assert [(line.number, line.balance, line.is_late) for line in context["receivables"]] == [
        ("A-1", Decimal(400), True),
        ("A-2", Decimal(70), False),
    ]
    assert (context["owed"].total, context["owed"].late, context["owed"].late_count) == (Decimal(470), Decimal(400), 1)
    assert [(line.name, line.last_paid_on) for line in context["clients"]] == [("Zarya", date(2026, 1, 5))]


def test_vip_manager_has_a_page(company: PersonaCompany) -> None:
    assert page(selling.vip_manager, company.vip_manager).context["receivables"] == []


def test_caller_sees_todays_norms_beside_what_is_done(company: PersonaCompany) -> None:
    plan = agree_plan(company)
    caller = company.telesales.employee
    DailyTarget.all_rows.create(employee=caller, on=TODAY, activity=3, amount=60, plan=plan)
    client = Company.all_rows.create(name="Zarya")
    for outcome in ("no_answer", "refused", "warm"):
        Call.all_rows.create(called_on=TODAY, started_at=NOON, employee=caller, company=client, outcome=outcome)
    Call.all_rows.create(
        called_on=TODAY, started_at=NOON, employee=company.rival_telesales.employee, company=client, outcome="warm"
    )

    context = page(conveyor.telesales, company.telesales).context

    assert [(norm.label, norm.target, norm.done, norm.left) for norm in context["norms"]] == [
        ("dials", 60, 3, 57),
        ("conversations", 0, 2, 0),
        ("warm contacts", 0, 1, 0),
    ]
    assert context["warm_week"] == 1
    assert context["chart"].series[1].values[-1] == 3


def test_assistant_sees_the_own_queue_urgent_first(company: PersonaCompany) -> None:
    for title, on, is_urgent in (("second", date(2026, 3, 17), False), ("first", date(2026, 3, 18), True)):
        Task.all_rows.create(
            kind="research",
            title=title,
            assignee=company.assistant.employee,
            author=company.telesales.employee,
            due_on=on,
            is_urgent=is_urgent,
        )
    Task.all_rows.create(kind="letter", title="letter", assignee=company.assistant.employee, due_on=TODAY)
    Task.all_rows.create(kind="research", title="a colleague's", assignee=company.rival_assistant.employee, due_on=TODAY)

    context = page(conveyor.assistant, company.assistant).context

    assert [(line.title, line.author) for line in context["research"]] == [
        ("first", "Tatiana Titova"),
        ("second", "Tatiana Titova"),
    ]
    assert [line.title for line in context["tasks"]] == ["letter"]
    assert (context["counts"].open, context["counts"].late) == (2, 0)


def test_accountant_sees_money_and_periods(year: PersonaCompany) -> None:
    PayPeriod.all_rows.create(month_on=date(2026, 2, 1), status="open")

    context = page(office.accountant, year.accountant).context

    assert context["collected"] == Decimal("240.05")
    assert [line.amount for line in context["payments"]][:2] == [Decimal("90.00"), Decimal("150.05")]
    assert [period.month_on for period in context["periods"]] == [date(2026, 2, 1)]
    assert context["uncredited"].count == 0


def test_base_manager_sees_rows_to_decide(company: PersonaCompany) -> None:
    batch = ImportBatch.all_rows.create(kind="sales", source="x", digest="d")
    for line, status in ((1, "open"), (2, "repaired")):
        ImportIssue.all_rows.create(batch=batch, file="a.csv", line=line, field="f", code="c", problem="p", status=status)

    context = page(office.base_manager, company.base_manager).context

    assert (context["issue_count"], [issue.line for issue in context["issues"]]) == (1, [1])


def test_hr_sees_who_comes_and_goes(company: PersonaCompany) -> None:
    Employee.all_rows.filter(pk=company.rival_seller.employee.pk).update(dismissed_on=date(2026, 4, 1))
    Employee.all_rows.create(full_name="Nora New", hired_on=date(2026, 3, 10))

    context = page(office.hr, company.hr).context

    assert context["moves"] == [("Nora New", date(2026, 3, 10), True), ("Rita Rossi", date(2026, 4, 1), False)]
    assert context["without"] == ["Nora New"]


def test_administrator_sees_no_clients(company: PersonaCompany) -> None:
    context = page(office.administrator, company.administrator).context

    assert set(context) == {"days", "people", "without", "events", "runs"}


def test_marketer_sees_own_tasks(company: PersonaCompany) -> None:
    Task.all_rows.create(kind="other", title="Write a script", assignee=company.marketer.employee, due_on=TODAY)

    assert [line.title for line in page(office.marketer, company.marketer).context["tasks"]] == ["Write a script"]
