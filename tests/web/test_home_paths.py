"""Figures of start pages lead to rows that sum to them, and warnings to what they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Employee
from compensation.models import Component, Measure
from pipeline.calling.queries import queue_counts
from pipeline.models import Call, CallListEntry, Company, Contract, Deal, Relationship
from planning.models import PlanNode
from salesys.db import clock
from salesys.db.organisation import company_time_zone
from salesys.db.scope import viewer_for
from salesys.shell.charts import Chart
from salesys.web.home import company as company_pages
from salesys.web.home import conveyor, office, selling
from salesys.web.queries.money import PayPart
from tests.personas import Persona, PersonaCompany
from tests.pipeline.factories import CallListFactory, DealFactory, EntryFactory
from tests.web.test_home_content import TODAY, agree_plan, client_of, contract_of, page, pay

Builder = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("_sixteenth_of_march")


@pytest.fixture
def _sixteenth_of_march(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def year(company: PersonaCompany) -> PersonaCompany:
    """A plan, payments of two sellers, the head's own and those under a contract of nobody; open deals of four people."""
    agree_plan(company)
    sellers = {"A": company.seller, "B": company.second_seller, "C": company.rival_seller, "D": company.head}
    for letter, persona in sellers.items():
        client = client_of(persona, f"Client {letter}")
        Company.all_rows.filter(pk=client.pk).update(
            direction=company.retail if persona is company.rival_seller else company.machinery
        )
        contract = contract_of(persona, client, f"{letter}-1", amount=9000)
        pay(contract, date(2026, 1, 20), "310.10")
        pay(contract, date(2026, 3, 2), "50.05")
        DealFactory(title=f"first {letter}", seller=persona.employee, company=client, amount=Decimal(100))
    nobodys = contract_of(company.seller, Company.all_rows.get(name="Client A"), "E-1", amount=500)
    Contract.all_rows.filter(pk=nobodys.pk).update(seller=None)
    pay(nobodys, date(2026, 3, 3), "7.00")
    with_seller = Company.all_rows.get(name="Client A")
    DealFactory(title="managers'", seller=company.client_manager.employee, company=with_seller, stage_code="proposal")
    return company


def paid(persona: Persona, url: str) -> Decimal:
    """The sum of the payments of a list, which its own total confirms."""
    assert url.startswith("/payments/?"), url
    context = persona.client.get(url).context
    total: Decimal = sum((row.amount_without_vat for row in context["page"]), Decimal(0))
    assert context["totals"].net == total
    return total


def deals_of(persona: Persona, url: str) -> int:
    assert url.startswith("/deals/?"), url
    context = persona.client.get(url).context
    shown = sum(len(lane.cards) for lane in context["lanes"])
    assert shown == context["count"]
    return shown


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        (company_pages.owner, "owner"),
        (company_pages.commercial_director, "director"),
        (selling.industry_head, "head"),
        (selling.seller, "seller"),
        (selling.client_manager, "client_manager"),
        (selling.vip_manager, "vip_manager"),
    ],
)
def test_collected_leads_to_payments_that_sum_to_it(year: PersonaCompany, builder: Builder, name: str) -> None:
    persona = getattr(year, name)
    context = page(builder, persona).context
    shown = context["year"]
    assert paid(persona, context["paths"].month) == shown.fact_of_month
    if context["chart"] is not None:
        running = [paid(persona, url) for url in context["chart"].urls]
        assert running == list(context["chart"].series[1].values[: len(running)])
        assert running[-1] == shown.fact_of_year
    if context["paths"].year.startswith("/payments/"):
        assert paid(persona, context["paths"].year) == shown.fact_of_year
    else:
        assert persona.client.get(context["paths"].year).status_code == 200
    assert persona.client.get(context["paths"].gap).status_code == 200


def test_months_of_the_company_lead_to_their_payments(year: PersonaCompany) -> None:
    chart = page(company_pages.owner, year.owner).context["months"]
    assert [paid(year.owner, url) for url in chart.urls] == list(chart.series[1].values[:3])


def test_the_owners_year_leads_to_the_plan_whose_last_fact_it_is(year: PersonaCompany) -> None:
    context = page(company_pages.owner, year.owner).context
    plan = year.owner.client.get(context["paths"].year).context
    assert [value for value in plan["chart"].series[1].values if value is not None][-1] == context["year"].fact_of_year
    assert year.owner.client.get(context["paths"].gap).context["node"].level == PlanNode.Level.COMPANY


def test_a_sellers_year_leads_to_the_own_part_whose_months_sum_to_it(year: PersonaCompany) -> None:
    context = page(selling.seller, year.seller).context
    assert year.seller.client.get(context["paths"].year).context["facts"].collected == context["year"].fact_of_year


def test_a_direction_leads_to_its_part_and_to_the_payments_and_deals_of_its_sellers(year: PersonaCompany) -> None:
    for line in page(company_pages.owner, year.owner).context["directions"]:
        assert year.owner.client.get(line.url).context["node"].direction_id == line.direction_id
        assert paid(year.owner, line.paid_url) == line.month_fact
        lanes = year.owner.client.get(line.deals_url).context["lanes"]
        assert sum(lane.weighted for lane in lanes) == line.pipeline


@pytest.mark.parametrize(
    ("builder", "name"),
    [(company_pages.commercial_director, "director"), (selling.industry_head, "head"), (selling.seller, "seller")],
)
def test_a_stage_leads_to_its_deals(year: PersonaCompany, builder: Builder, name: str) -> None:
    persona = getattr(year, name)
    chart = page(builder, persona).context["stage_chart"]
    assert isinstance(chart, Chart)
    assert [deals_of(persona, url) for url in chart.urls] == list(chart.series[0].values)


def test_a_sellers_funnel_counts_the_own_deals_only(year: PersonaCompany) -> None:
    context = page(selling.seller, year.seller).context
    assert context["open_deals"] == 1
    assert sum(context["stage_chart"].series[0].values) == 1
    assert year.seller.client.get("/deals/").context["count"] == 1


def test_the_heads_people_sum_to_the_heads_figures(year: PersonaCompany) -> None:
    context = page(selling.industry_head, year.head).context
    members = context["members"]
    assert "Helena Holt" in {member.name for member in members}
    assert sum(member.fact for member in members) == context["year"].fact_of_month
    assert sum(member.deals.open for member in members) == sum(context["stage_chart"].series[0].values)
    assert sum(member.deals.open for member in members) == year.head.client.get("/deals/").context["count"]
    for member in members:
        assert year.head.client.get(member.url).status_code == 200
        assert paid(year.head, member.paid_url) == member.fact
        assert deals_of(year.head, member.deals_url) == member.deals.open


def test_deals_won_by_a_person_lead_to_these_deals(year: PersonaCompany) -> None:
    client = Company.all_rows.get(name="Client A")
    for closed_on in (date(2026, 2, 27), date(2026, 3, 1), TODAY):
        won = DealFactory(seller=year.seller.employee, company=client, stage_code="won", opened_on=date(2026, 1, 12))
        Deal.all_rows.filter(pk=won.pk).update(status="won", closed_on=closed_on)
    members = page(selling.industry_head, year.head).context["members"]
    member = next(member for member in members if member.employee_id == year.seller.employee.pk)
    assert member.deals.won == deals_of(year.head, member.won_url) == 2
    assert member.won_url.replace("&", "&amp;") in year.head.client.get("/").content.decode()


def test_a_head_counts_what_people_collect_of_clients_that_went_elsewhere(year: PersonaCompany) -> None:
    """The late payment of a client that another direction has by now is the fact of its contract's seller on every page."""
    gone = Company.all_rows.get(name="Client A")
    Relationship.all_rows.filter(company=gone).update(employee=year.rival_seller.employee)
    Company.all_rows.filter(pk=gone.pk).update(direction=year.retail)
    context = page(selling.industry_head, year.head).context
    (member,) = (member for member in context["members"] if member.employee_id == year.seller.employee.pk)
    assert member.fact == paid(year.head, member.paid_url) == Decimal("50.05")
    team = {row.employee_id: row for row in year.head.client.get("/plan/team/").context["team"]}
    assert team[member.employee_id].money.collected == member.fact
    assert year.head.client.get(member.url).context["facts"].months[2].collected == member.fact


def test_calls_of_a_person_lead_to_the_log(year: PersonaCompany) -> None:
    client = Company.all_rows.get(name="Client A")
    caller = year.telesales.employee
    noon = clock.now()
    for on, outcome in ((date(2026, 2, 27), "warm"), (date(2026, 3, 2), "meeting"), (TODAY, "refused"), (TODAY, "no_answer")):
        Call.all_rows.create(called_on=on, started_at=noon, employee=caller, company=client, outcome=outcome)
    members = page(selling.industry_head, year.head).context["members"]
    member = next(member for member in members if member.employee_id == caller.pk)
    assert (member.calls.dials, member.calls.warm) == (3, 1)
    assert len(year.head.client.get(member.calls_url).context["calls"]) == 3
    assert len(year.head.client.get(member.contacts_url).context["calls"]) == 1
    talks = year.head.client.get("/calls/log/?outcome=conversations").context["calls"]
    assert len(talks) == 3
    assert len(year.head.client.get("/calls/log/?since=soon&until=x&outcome=no").context["calls"]) == 4


def test_payments_by_day_lead_to_the_payments_of_that_day(year: PersonaCompany) -> None:
    context = page(office.accountant, year.accountant).context
    chart = context["chart"]
    assert [paid(year.accountant, url) for url in chart.urls] == list(chart.series[0].values)
    assert paid(year.accountant, context["month_url"]) == context["collected"]


def test_the_accountants_month_has_its_first_day_also_on_the_31st(
    company: PersonaCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = date(2026, 3, 31)
    monkeypatch.setattr(clock, "today", lambda: last)
    pay(contract_of(company.seller, client_of(company.seller, "Zarya"), "A-1"), date(2026, 3, 1), "5.00")
    context = office.accountant(viewer_for(company.accountant.user), last).context
    assert context["collected"] == Decimal("5.00")


def test_people_by_role_lead_to_these_people(company: PersonaCompany) -> None:
    Employee.all_rows.create(full_name="Nora New", hired_on=date(2025, 3, 10))
    context = page(office.hr, company.hr).context
    chart = context["chart"]
    browser = company.hr.client
    assert [len(browser.get(url).context["rows"]) for url in chart.urls] == list(chart.series[0].values)
    assert str(chart.labels[-1]) == "Without a place"
    assert context["people"] == sum(chart.series[0].values) == browser.get("/people/").context["page"].total
    without = browser.get("/people/?account=none").context["rows"]
    assert [employee.full_name for employee, _place in without] == context["without"]
    assert len(browser.get("/people/?role=nonsense").context["rows"]) == context["people"]


def test_call_lists_lead_to_each_list_and_all_of_them_are_counted(company: PersonaCompany) -> None:
    for number in range(office.LISTS_DRAWN + 1):
        EntryFactory(call_list=CallListFactory(name=f"List {number:02}"))
    context = page(office.base_manager, company.base_manager).context
    assert (len(context["lists"]), context["waiting"]) == (office.LISTS_DRAWN + 1, office.LISTS_DRAWN + 1)
    assert len(context["chart"].urls) == office.LISTS_DRAWN
    for url, name in zip(context["chart"].urls, context["chart"].labels, strict=True):
        assert name in company.base_manager.client.get(url).content.decode()


def test_the_warning_of_losses_leads_to_these_contracts(year: PersonaCompany) -> None:
    Contract.all_rows.filter(number__in=["A-1", "C-1"]).update(direct_cost=Decimal(9010))
    old = Contract.all_rows.filter(number="B-1")
    old.update(direct_cost=Decimal(9999), signed_on=TODAY - timedelta(days=365))
    warnings = page(company_pages.owner, year.owner).context["warnings"]
    warning = next(warning for warning in warnings if "lose money" in str(warning.title))
    losses = year.owner.client.get(warning.url).context
    assert str(warning.title) == "2 contracts lose money"
    assert sorted(row.number for row in losses["page"]) == ["A-1", "C-1"]
    assert losses["losses"].amount == Decimal(20)


def test_who_lives_on_residuals_is_named_and_linked(year: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    seller = year.seller.employee
    monkeypatch.setattr("salesys.web.queries.company.living_on_residuals", lambda *_args: [(seller.pk, seller.full_name)])
    warnings = page(company_pages.owner, year.owner).context["warnings"]
    warning = next(warning for warning in warnings if warning.links)
    assert list(warning.links) == [("Sergei Sokolov", f"/statements/{seller.pk}/")]
    assert warning.url == f"/statements/{seller.pk}/"
    assert year.owner.client.get(warning.url).status_code == 200


def test_the_one_client_on_whom_much_hangs_is_linked(company: PersonaCompany) -> None:
    client = client_of(company.seller, "Zarya")
    pay(contract_of(company.seller, client, "A-1"), date(2026, 1, 2), "90.00")
    pay(contract_of(company.seller, client_of(company.seller, "Small"), "A-2"), date(2026, 1, 2), "10.00")
    warnings = page(company_pages.owner, company.owner).context["warnings"]
    assert f"/companies/{client.pk}/" in [warning.url for warning in warnings]


def test_promised_calls_are_counted_as_in_the_cockpit_and_name_no_company(company: PersonaCompany) -> None:
    calls = CallListFactory(name="Cold base", members=[company.telesales.employee])
    names = []
    for minutes in range(1, 9):
        entry = EntryFactory(call_list=calls)
        names.append(entry.company.name)
        CallListEntry.all_rows.filter(pk=entry.pk).update(
            reserved_for=company.telesales.employee,
            not_before=clock.now().replace(year=2026, month=3, day=16, hour=9, minute=minutes),
        )
    context = page(conveyor.telesales, company.telesales).context
    promised = context["promised"]
    assert (promised.count, len(promised.first), promised.hidden) == (8, 6, 2)
    tonight = datetime(2026, 3, 17, tzinfo=company_time_zone())
    assert queue_counts(company.telesales.employee.pk, tonight).promised_today == promised.count
    assert {name for _at, name in promised.first} == {"Cold base"}
    text = company.telesales.client.get("/").content.decode()
    assert "Promised today: 8 calls" in text
    assert "and 2 more later today" in text
    assert "Take the next call" in text
    assert not [name for name in names if name in text]


def test_pay_so_far_says_what_of_it_are_commissions(year: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [PayPart("Salary", Component.Kind.SALARY, Decimal(1000)), PayPart("New", Component.Kind.RATE, Decimal(70))]
    monkeypatch.setattr("salesys.web.queries.money.own_pay", lambda *_args: parts)
    context = page(selling.seller, year.seller).context
    assert (context["earned"], context["commissions"]) == (Decimal(1070), Decimal(70))
    text = year.seller.client.get("/").content.decode()
    assert "Pay of this month so far" in text
    assert "of it commissions ₽70" in text
    assert "Your commission" not in text
    assert not Measure.all_rows.exists()
