"""Set-based SQL against the naive computation, on random departments."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from accounts.models import Assignment, Direction, Employee, Pair
from accounts.roles import Role
from planning.cascade.services import generate_role_tasks
from planning.engine.activities import Activity
from planning.models import DailyTarget, FunnelNeed, RoleNeed
from planning.norms.services import NormInput, set_norm
from salesys.db.effective import from_date
from salesys.kernel.periods import Month
from tests.personas import PersonaCompany
from tests.planning.cascade.naive import Naive
from tests.planning.world import NEW_YEAR, YEAR, agreed_plan, calls, card, deal, random_past

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


def more_people(company: PersonaCompany, random: Random) -> None:
    """Callers and assistants who come and go within the year, with and without direction and pair."""
    directions: list[Direction | None] = [company.machinery, company.retail, None]
    for number in range(6):
        employee = Employee.all_rows.create(full_name=f"Person {number}", hired_on=date(YEAR, 1, 1))
        start = date(YEAR, random.randint(1, 10), random.randint(1, 28))
        end = random.choice([None, start + timedelta(days=random.randint(20, 200))])
        Assignment.all_rows.create(
            employee=employee,
            department=company.telesales_department,
            role=Role.TELESALES if number % 2 else Role.ASSISTANT,
            direction=random.choice(directions),
            valid=from_date(start, end),
        )
        if number % 2:
            paired = random.choice([company.assistant.employee, company.rival_assistant.employee])
            Pair.all_rows.create(telesales=employee, assistant=paired, valid=from_date(start))
    do_other_work_for_a_while(company, random)
    if random.random() < 0.5:
        other = random.choice([None, company.machinery])
        Assignment.all_rows.filter(employee=company.rival_telesales.employee).update(direction=other)


def do_other_work_for_a_while(company: PersonaCompany, random: Random) -> None:
    """A caller and an assistant who are marketers for some days of one month, and come back."""
    for persona in (company.telesales, company.assistant):
        place = Assignment.all_rows.get(employee=persona.employee)
        away = date(YEAR, random.randint(1, 12), random.randint(2, 10))
        back = away + timedelta(days=random.randint(1, 15))
        place.close_on(away)
        place.save()
        for role, since, until in (("marketer", away, back), (place.role, back, None)):
            Assignment.all_rows.create(
                employee=place.employee,
                department=place.department,
                role=role,
                direction=place.direction,
                manager=place.manager,
                valid=from_date(since, until),
            )


@pytest.mark.parametrize(
    ("seed", "from_on"), [(1, NEW_YEAR), (2, date(YEAR, 3, 17)), (3, date(YEAR, 8, 1)), (4, date(YEAR, 11, 29))]
)
def test_sql_and_the_naive_computation_agree(company: PersonaCompany, seed: int, from_on: date) -> None:
    random = Random(seed)
    random_past(company, random, from_on.replace(day=1))
    more_people(company, random)
    for on in {from_on.replace(day=1), from_on - timedelta(days=1)} - {from_on}:
        calls(company.telesales.employee, on, "warm", "refused", "no_answer")
        card(company.assistant.employee, on)
        deal(company.seller.employee, on, reached="proposal", days=0)
    set_norm(actor=None, norm=NormInput("telesales", 3, 9), from_on=date(YEAR, 5, 10))
    plan = agreed_plan(company, str(random.randint(4_000_000, 60_000_000)))
    generate_role_tasks(plan=plan, from_on=from_on)
    naive = Naive(plan, from_on)
    rows = FunnelNeed.all_rows.values_list("employee", "month", "activity", "amount")
    assert {(who, Month.of(month), Activity(what)): amount for who, month, what, amount in rows} == naive.funnel()
    needs = RoleNeed.all_rows.values_list("employee", "month", "activity", "need", "amount", "returned", "load")
    found = {(who, Month.of(month), Activity(what)): (need, *rest) for who, month, what, need, *rest in needs}
    paces, role_needs = naive.paces(), naive.role_needs()
    assert found == {key: (role_needs[key], pace.assigned, pace.returned, pace.load) for key, pace in paces.items()}
    targets = DailyTarget.all_rows.values_list("employee", "on", "activity", "amount")
    assert {(who, on, Activity(what)): amount for who, on, what, amount in targets} == naive.daily()
    assert len(found) > 20
