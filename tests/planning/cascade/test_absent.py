"""People count while they are there: what falls to somebody who has left is asked of nobody and goes back up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import Assignment, Employee
from accounts.people.services import dismiss_employee
from accounts.roles import Role
from planning.cascade.queries import signals, vacancies
from planning.cascade.services import recascade
from planning.engine.activities import Activity
from planning.models import DailyTarget, FunnelNeed, HeadcountNeed, RoleNeed, SellerMonth, YearPlan
from salesys.db import clock
from salesys.db.effective import from_date
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, calls, contract, deal, running_plan

pytestmark = pytest.mark.django_db

LEFT = date(YEAR, 3, 15)
AS_OF = date(YEAR, 3, 17)
MARCH = date(YEAR, 3, 1)


JUNE = date(YEAR, 6, 1)


@pytest.fixture
def plan(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> YearPlan:
    """24 million a year, 8 million of it for each of three sellers; it is 17 March and nothing has been brought."""
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR, 3, 17, 9, tzinfo=UTC))
    made = running_plan(company)
    recascade(plan=made, as_of=AS_OF)
    return made


def months_of(plan: YearPlan, employee: Employee) -> dict[date, list[Decimal]]:
    """Target, gap and what came back, by month."""
    rows = SellerMonth.all_rows.filter(plan=plan, employee=employee).order_by("month")
    return {month: rest for month, *rest in rows.values_list("month", "target", "gap", "returned")}


def asked(activity: Activity, month: date) -> int:
    """Units that all sellers' plans ask for."""
    rows = FunnelNeed.all_rows.filter(activity=activity, month=month)
    return int(rows.aggregate(total=Sum("amount"))["total"])


def test_nothing_is_asked_of_a_seller_who_has_left(company: PersonaCompany, plan: YearPlan) -> None:
    seller = company.seller.employee
    before, dials = months_of(plan, seller), asked(Activity.DIALS, MARCH)
    assert before[MARCH] == [Decimal("799999.99"), Decimal("799999.99"), Decimal(0)]
    dismiss_employee(actor=None, employee=seller, from_on=LEFT)
    recascade(plan=plan, as_of=AS_OF)
    after = months_of(plan, seller)
    for month, (target, gap, _returned) in before.items():
        assert after[month] == ([target, gap, 0] if month < MARCH else [target, 0, gap]), month
    assert not SellerMonth.all_rows.filter(plan=plan, employee=seller, month__gte=MARCH, deals__gt=0).exists()
    assert not RoleNeed.all_rows.filter(employee=seller, month__gte=MARCH).exists()
    assert not DailyTarget.all_rows.filter(employee=seller, on__gte=AS_OF).exists()
    assert (dials, asked(Activity.DIALS, MARCH)) == (3 * 2141, 2 * 2141)


def test_colleagues_keep_what_they_had(company: PersonaCompany, plan: YearPlan) -> None:
    second = company.second_seller.employee
    needs = list(RoleNeed.all_rows.filter(employee=second).order_by("month", "activity").values_list())
    months = months_of(plan, second)
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=LEFT)
    recascade(plan=plan, as_of=AS_OF)
    assert list(RoleNeed.all_rows.filter(employee=second).order_by("month", "activity").values_list()) == needs
    assert months_of(plan, second) == months


def test_what_is_left_of_the_plan_goes_back_to_the_level_above(company: PersonaCompany, plan: YearPlan) -> None:
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=LEFT)
    recascade(plan=plan, as_of=AS_OF)
    for persona in (company.head, company.director, company.owner):
        (part,) = vacancies(persona.user, MARCH)
        assert (part.name, part.direction, part.first, part.last, part.amount) == (
            "Sergei Sokolov",
            "Machinery",
            MARCH,
            date(YEAR, 12, 1),
            Decimal("8000000.00"),
        )
    for persona in (company.rival_head, company.second_seller):
        assert vacancies(persona.user, MARCH) == ()


def test_a_dismissal_ahead_leaves_the_months_until_then(company: PersonaCompany, plan: YearPlan) -> None:
    seller = company.seller.employee
    before = months_of(plan, seller)
    dismiss_employee(actor=None, employee=seller, from_on=date(YEAR, 6, 15))
    recascade(plan=plan, as_of=AS_OF)
    after = months_of(plan, seller)
    assert {month: row for month, row in after.items() if month < JUNE} == {
        month: row for month, row in before.items() if month < JUNE
    }
    (part,) = vacancies(company.head.user, MARCH)
    assert (part.first, part.amount) == (JUNE, Decimal("5599999.99"))
    assert RoleNeed.all_rows.filter(employee=seller, month=date(YEAR, 4, 1), load__range=("0.01", "1.20")).count() == 2


def test_who_no_longer_sells_carries_no_plan(company: PersonaCompany, plan: YearPlan) -> None:
    seller, april = company.seller.employee, date(YEAR, 4, 1)
    Assignment.all_rows.filter(employee=seller).update(valid=from_date(company.start, april))
    Assignment.all_rows.create(
        employee=seller, department=company.sales, role=Role.MARKETER, manager=company.head.employee, valid=from_date(april)
    )
    recascade(plan=plan, as_of=AS_OF)
    (part,) = vacancies(company.head.user, MARCH)
    assert (part.first, part.amount) == (april, Decimal("7200000.01"))
    assert not RoleNeed.all_rows.filter(employee=seller, load__gt=100).exists()


def test_a_caller_who_left_within_the_month_returns_the_rest_of_it(company: PersonaCompany, plan: YearPlan) -> None:
    caller = company.telesales.employee
    calls(caller, date(YEAR, 3, 12), *["no_answer"] * 41)
    dismiss_employee(actor=None, employee=caller, from_on=LEFT, successor=company.head.employee)
    recascade(plan=plan, as_of=AS_OF)
    row = RoleNeed.all_rows.get(employee=caller, month=MARCH, activity=Activity.DIALS)
    assert (row.need, row.done, row.amount, row.returned, row.load) == (4282, 41, 0, 4241, Decimal(0))
    assert not RoleNeed.all_rows.filter(employee=caller, month__gt=MARCH).exists()
    assert not DailyTarget.all_rows.filter(employee=caller, on__gte=AS_OF).exists()
    there = HeadcountNeed.all_rows.filter(role=Role.TELESALES, month=MARCH).order_by("direction__name")
    assert list(there.values_list("direction__name", "present", "missing")) == [("Machinery", 0, 4), ("Retail", 1, 1)]


def test_the_head_sees_what_came_back_from_who_left(company: PersonaCompany, plan: YearPlan) -> None:
    caller = company.telesales.employee
    dismiss_employee(actor=None, employee=caller, from_on=LEFT, successor=company.head.employee)
    recascade(plan=plan, as_of=AS_OF)
    for persona in (company.head, company.director):
        found = {
            (signal.activity, signal.returned, signal.is_absent)
            for signal in signals(persona.user, MARCH)
            if signal.employee_id == caller.pk
        }
        assert found == {(Activity.DIALS, 4282, True), (Activity.CONVERSATIONS, 1498, True), (Activity.WARM_CONTACTS, 180, True)}
    for persona in (company.rival_head, company.seller):
        assert caller.pk not in {signal.employee_id for signal in signals(persona.user, MARCH)}


def test_the_page_of_a_year_tells_of_that_year_alone(company: PersonaCompany, plan: YearPlan) -> None:
    dismiss_employee(actor=None, employee=company.telesales.employee, from_on=LEFT, successor=company.head.employee)
    recascade(plan=plan, as_of=AS_OF)
    browser = company.director.client
    shown = {year: browser.get(f"/plan/headcount/{year}/").context["signals"] for year in (YEAR - 1, YEAR, YEAR + 1)}
    assert {year: bool(found) for year, found in shown.items()} == {YEAR - 1: False, YEAR: True, YEAR + 1: False}
    assert [browser.get(f"/plan/headcount/{year}/").status_code for year in (0, 10_000)] == [404, 404]


def test_nobody_who_left_has_an_endless_load(company: PersonaCompany, plan: YearPlan) -> None:
    for persona in (company.seller, company.assistant, company.rival_telesales):
        dismiss_employee(actor=None, employee=persona.employee, from_on=LEFT, successor=company.head.employee)
    recascade(plan=plan, as_of=AS_OF)
    assert not RoleNeed.all_rows.filter(month__gte=MARCH, load__gt=100).exists()


def test_a_night_that_comes_twice_changes_nothing(company: PersonaCompany, plan: YearPlan) -> None:
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=LEFT)
    assert recascade(plan=plan, as_of=AS_OF).changed > 0
    rows = months_of(plan, company.seller.employee)
    needs = list(RoleNeed.all_rows.order_by("employee", "month", "activity").values_list())
    assert recascade(plan=plan, as_of=AS_OF).changed == 0
    assert months_of(plan, company.seller.employee) == rows
    assert list(RoleNeed.all_rows.order_by("employee", "month", "activity").values_list()) == needs


def test_money_that_still_comes_lowers_what_came_back(company: PersonaCompany, plan: YearPlan) -> None:
    seller = company.seller.employee
    signed = contract(deal(seller, date(YEAR, 1, 5), reached="won"), amount="250000.00", due_on=date(YEAR, 4, 20))
    assert signed.signed_on < MARCH
    dismiss_employee(actor=None, employee=seller, from_on=LEFT)
    recascade(plan=plan, as_of=AS_OF)
    (part,) = vacancies(company.head.user, MARCH)
    assert part.amount == Decimal("7750000.00")


def test_the_page_names_the_part_and_who_is_not_there(company: PersonaCompany, plan: YearPlan) -> None:
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=LEFT)
    dismiss_employee(actor=None, employee=company.telesales.employee, from_on=LEFT, successor=company.head.employee)
    recascade(plan=plan, as_of=AS_OF)
    page = company.head.client.get(f"/plan/headcount/{YEAR}/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for text in ("Parts of the plan without anybody", "Sergei Sokolov", "₽8,000,000.00", "not there"):
        assert text in page
    assert "without anybody" not in company.rival_head.client.get(f"/plan/headcount/{YEAR}/").content.decode()


def test_the_level_above_is_warned_at_home(company: PersonaCompany, plan: YearPlan) -> None:
    dismiss_employee(actor=None, employee=company.seller.employee, from_on=LEFT)
    recascade(plan=plan, as_of=AS_OF)
    for persona in (company.head, company.director):
        page = persona.client.get("/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert "Nobody carries the part of Sergei Sokolov" in page
        assert "₽8,000,000 of the plan, March 2027 to December 2027, came back." in page
    assert "Nobody carries the part" not in company.rival_head.client.get("/").content.decode()


def test_days_of_other_work_within_a_month_get_nothing(company: PersonaCompany) -> None:
    """A caller who is a marketer from 10 to 23 March does the work of March on its other days."""
    caller = company.telesales.employee
    away, back = date(YEAR, 3, 10), date(YEAR, 3, 24)
    place = Assignment.all_rows.get(employee=caller)
    place.close_on(away)
    place.save()
    for role, valid in ((Role.MARKETER, from_date(away, back)), (Role.TELESALES, from_date(back))):
        Assignment.all_rows.create(
            employee=caller, department=place.department, role=role, direction=place.direction, manager=place.manager, valid=valid
        )
    running_plan(company, "6000000.00")
    rows = DailyTarget.all_rows.filter(employee=caller, activity=Activity.DIALS, on__range=(MARCH, date(YEAR, 3, 31)))
    assert not rows.filter(on__range=(away, date(YEAR, 3, 23))).exists()
    need = RoleNeed.all_rows.get(employee=caller, month=MARCH, activity=Activity.DIALS)
    assert sum(rows.values_list("amount", flat=True)) == need.amount > 0
    amounts = set(rows.values_list("amount", flat=True))
    assert max(amounts) - min(amounts) <= 1
    assert rows.filter(on__lt=away).exists()
    assert rows.filter(on__gte=back).exists()
