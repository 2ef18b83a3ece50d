"""The head divides the pool on a page that shows every amount before it is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Assignment, Employee
from accounts.roles import Role
from compensation.engine.terms import TeamPool
from compensation.ledger.commissions import run_commissions
from compensation.ledger.services import set_pool_weights
from compensation.models import PayPeriod, PoolWeight
from salesys.db.effective import from_date
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
JANUARY = Month(2026, 1)


@pytest.fixture
def pair(company: PersonaCompany) -> tuple[Employee, Employee]:
    """Two members of the client department; the pool of January is 10 000.01."""
    manager, other = company.client_manager.employee, world.employee(company.clients, Role.CLIENT_MANAGER)
    Assignment.all_rows.filter(employee=other).update(manager=company.head.employee)
    world.paid_by(world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), manager, other)
    world.pay(world.contract(world.client(manager=manager), manager), "100000.10", day(1, 20))
    run_commissions(actor=None, as_of=day(1, 31))
    return manager, other


def address(company: PersonaCompany, *, more: str = "") -> str:
    return f"{reverse('compensation:pool', args=[company.clients.pk])}?month=2026-01{more}"


def parts(pair: tuple[Employee, Employee], first: str, second: str) -> dict[str, str]:
    return {f"part_{pair[0].pk}": first, f"part_{pair[1].pk}": second}


def plain(response: object) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined,no-any-return]


def kept() -> dict[int, Decimal]:
    return dict(PoolWeight.all_rows.values_list("employee", "weight"))


def test_the_team_page_leads_to_the_pool_which_days_divide_first(
    company: PersonaCompany, pair: tuple[Employee, Employee]
) -> None:
    listed = company.head.client.get(reverse("compensation:statement_list"), {"month": "2026-01"}).content.decode()
    assert address(company) in listed
    assert (
        reverse("compensation:pool", args=[company.clients.pk])
        not in company.accountant.client.get(reverse("compensation:statement_list"), {"month": "2026-01"}).content.decode()
    )
    text = plain(company.head.client.get(address(company)))
    for shown in ("₽10,000.01", "₽5,000.01", "₽5,000.00", 'value="50"', "15 days worked, ₽5,000.01 by them"):
        assert shown in text


def test_a_preview_shows_amounts_and_keeps_nothing(company: PersonaCompany, pair: tuple[Employee, Employee]) -> None:
    url = address(company, more="&preview=1")
    part = plain(company.head.client.post(url, parts(pair, "75", "25"), headers=HTMX))
    assert "<html" not in part
    for shown in ("₽7,500.01", "₽2,500.00", "₽10,000.01"):
        assert shown in part
    whole = plain(company.head.client.post(url, parts(pair, "75", "25")))
    assert "<html" in whole
    assert "₽7,500.01" in whole
    assert kept() == {}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("75", "20", "The parts add up to 95 %: 5 % left to give."),
        ("75", "25.0001", "The parts add up to 100.0001 %: 0.0001 % too much."),
        ("110", "-10", "greater than or equal to 0"),
        ("", "100", "This field is required"),
    ],
)
def test_parts_that_make_no_whole_are_refused_with_what_is_left(
    company: PersonaCompany, pair: tuple[Employee, Employee], first: str, second: str, said: str
) -> None:
    response = company.head.client.post(address(company), parts(pair, first, second))
    assert response.status_code == 400
    assert said in plain(response)
    preview = plain(company.head.client.post(address(company, more="&preview=1"), parts(pair, first, second), headers=HTMX))
    assert "Amounts appear when the parts add up to 100 %." in preview
    assert kept() == {}


def test_parts_are_kept_in_percent_and_taken_back_for_days(company: PersonaCompany, pair: tuple[Employee, Employee]) -> None:
    browser = company.head.client
    browser.post(address(company), parts(pair, "33.3333", "66.6667"))
    assert kept() == {pair[0].pk: Decimal("0.333333"), pair[1].pk: Decimal("0.666667")}
    text = plain(browser.get(address(company)))
    for shown in ('value="33.3333', "₽3,333.33", "₽6,666.68", "your parts"):
        assert shown in text
    browser.post(address(company), {"days": "1"})
    assert kept() == {}


def test_a_head_reads_no_past_month_of_people_who_answer_to_another_now(
    company: PersonaCompany, pair: tuple[Employee, Employee]
) -> None:
    moved = Assignment.all_rows.get(employee=pair[1])
    moved.close_on(day(2))
    moved.save()
    manager = company.rival_head.employee
    Assignment.all_rows.create(
        employee=pair[1], department=company.second_sales, role=Role.SELLER, manager=manager, valid=from_date(day(2))
    )
    february = reverse("compensation:pool", args=[company.clients.pk]) + "?month=2026-02"
    for head in (company.head, company.rival_head):
        assert head.client.get(address(company)).status_code == 404
        assert head.client.post(address(company), parts(pair, "50", "50")).status_code == 404
    assert company.head.client.get(february).status_code == 200
    assert company.director.client.get(address(company)).status_code == 200
    listed = company.head.client.get(reverse("compensation:statement_list"), {"month": "2026-01"}).content.decode()
    assert address(company) not in listed
    assert kept() == {}


def test_a_member_who_left_is_shown_without_a_link_that_would_not_open(
    company: PersonaCompany, pair: tuple[Employee, Employee]
) -> None:
    left = Assignment.all_rows.get(employee=pair[1])
    left.close_on(day(2))
    left.save()
    Employee.all_rows.filter(pk=pair[1].pk).update(dismissed_on=day(2))
    text = company.head.client.get(address(company)).content.decode()
    assert pair[1].full_name in text
    opens = reverse("compensation:statement", args=[pair[0].pk]), reverse("compensation:statement", args=[pair[1].pk])
    assert [url in text for url in opens] == [True, False]
    assert company.head.client.get(opens[1]).status_code == 404
    assert opens[1] in company.director.client.get(address(company)).content.decode()


def test_an_approved_month_is_shown_and_refused_with_the_reason(company: PersonaCompany, pair: tuple[Employee, Employee]) -> None:
    set_pool_weights(actor=company.head.user, department=company.clients, month=JANUARY, weights={pair[0]: Decimal(1)})
    PayPeriod.all_rows.update(status="approved")
    text = company.head.client.get(address(company)).content.decode()
    assert "The period is approved: the pool has been divided." in text
    assert "Keep these parts" not in text
    response = company.head.client.post(address(company), parts(pair, "50", "50"), follow=True)
    assert "Ask for the approval to be taken back." in response.content.decode()
    assert kept() == {pair[0].pk: Decimal("1.000000")}


def test_a_department_without_a_pool_says_so_and_strangers_find_nothing(
    company: PersonaCompany, pair: tuple[Employee, Employee]
) -> None:
    assert (
        "No pool in this month"
        in company.owner.client.get(reverse("compensation:pool", args=[company.vip.pk]), {"month": "2026-01"}).content.decode()
    )
    for persona in (company.rival_head, company.client_manager, company.accountant):
        assert persona.client.get(address(company)).status_code == 404
        assert persona.client.post(address(company), parts(pair, "50", "50")).status_code == 404
    assert kept() == {}
