"""Start pages of those who sell and serve: industry head, seller, client manager, VIP manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Role
from compensation.models import Component
from pipeline.deals.whose import own_of
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month
from salesys.shell import charts
from salesys.shell.charts import Chart
from salesys.web.home.cautions import of_vacancies
from salesys.web.home.page import HomePage, days_of, stage_chart, year_chart, year_paths
from salesys.web.links import address, listed
from salesys.web.queries import company, deals, money, plans, work


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the head's team: plan and fact of the month, this month's calls, deals, and whether help is needed."""

    employee_id: int
    name: str
    role: str
    role_label: str
    plan: Decimal
    fact: Decimal
    attainment: Decimal | None
    calls: work.CallDay
    deals: deals.SellerDeals
    help: str
    url: str
    paid_url: str
    deals_url: str
    won_url: str
    calls_url: str
    contacts_url: str

    @property
    def has_work(self) -> bool:
        """Whether anything of the month is this person's own."""
        return bool(self.plan or self.fact or self.calls.dials or self.deals.open or self.deals.won)


NO_DEALS = deals.SellerDeals(0, 0, 0)
NO_CALLS = work.CallDay()
BEHIND = Decimal("0.7")
"""Below this part of what the passed days ask for, a person is behind."""


def industry_head(viewer: Viewer, today: date) -> HomePage:
    """The team: who is on plan, who calls, who needs help, what came back; 11 SQL statements."""
    collected = plans.collected(viewer, today)
    year = plans.year_by_month(viewer, collected)
    stages = deals.open_by_stage(viewer)
    members = _team(viewer, collected)
    context = {
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "members": members,
        "in_need": sum(1 for member in members if member.help),
        "stages": stages,
        "stage_chart": stage_chart(viewer, stages),
        "pipeline": sum((stage.weighted for stage in stages), ZERO),
        "deals_url": listed("pipeline:deal_board", seller=own_of(viewer)),
        "tasks": work.tasks_due(viewer, today, limit=6),
        "dials": sum(member.calls.dials for member in members),
        "warm": sum(member.calls.warm for member in members),
        "warnings": of_vacancies(viewer, today, {}),
    }
    return HomePage("web/home/head.html", context)


def _team(viewer: Viewer, collected: plans.Collected) -> list[Member]:
    """Everyone below the head and the head with own work, those who need help first; 4 SQL statements."""
    today = collected.today
    lines: dict[int, list[plans.SellerLine]] = {}
    for line in plans.seller_lines(viewer, collected):
        lines.setdefault(line.employee_id, []).append(line)
    calls = work.calls_by_person(viewer, today.replace(day=1), today)
    dealt = deals.deals_by_seller(viewer, today)
    members = [
        _member(
            person,
            today,
            lines=lines.get(person.employee_id, []),
            fact=collected.of_month(today.month, {person.employee_id}),
            calls=calls.get(person.employee_id, NO_CALLS),
            own=dealt.get(person.employee_id, NO_DEALS),
        )
        for person in company.people_today(viewer, today)
        if person.employee_id in viewer.team_ids
    ]
    shown = [member for member in members if member.employee_id != viewer.employee_id or member.has_work]
    return sorted(shown, key=lambda member: (not member.help, member.role, member.name))


def _member(
    person: company.PersonLine,
    today: date,
    *,
    lines: list[plans.SellerLine],
    fact: Decimal,
    calls: work.CallDay,
    own: deals.SellerDeals,
) -> Member:
    plan, pk = sum((line.month_plan for line in lines), ZERO), person.employee_id
    attainment, passed = fact / plan if plan else None, Decimal(today.day) / Month.of(today).last.day
    is_behind = attainment is not None and attainment < passed * BEHIND
    node = next((line.url for line in lines if line.is_here), "")
    called = {"employee": pk, "since": today.replace(day=1), "until": today}
    return Member(
        employee_id=pk,
        name=person.name,
        role=person.role,
        role_label=person.role_label,
        plan=plan,
        fact=fact,
        attainment=attainment,
        calls=calls,
        deals=own,
        help=_("behind plan") if is_behind else _help_needed(person.role, calls, own),
        url=node or address("planning:days", pk),
        paid_url=listed("pipeline:payment_list", month=Month.of(today), seller=pk),
        deals_url=listed("pipeline:deal_board", seller=pk),
        won_url=listed("pipeline:deal_board", seller=pk, stage="won", since=today.replace(day=1)),
        calls_url=listed("pipeline:call_log", **called),
        contacts_url=listed("pipeline:call_log", **called, outcome="contacts"),
    )


def _help_needed(role: str, calls: work.CallDay, own: deals.SellerDeals) -> str:
    """In a word why the head should look; empty when all goes well."""
    if own.open and own.stuck * 2 > own.open:
        return _("deals stand still")
    if role == Role.TELESALES and calls.dials and calls.warm * 100 < calls.dials:
        return _("few warm contacts")
    return ""


def seller(viewer: Viewer, today: date) -> HomePage:
    """The day: tasks, deals to move, plan and fact, commission so far; 10 SQL statements."""
    year = plans.year_by_month(viewer, plans.collected(viewer, today))
    stages = deals.open_by_stage(viewer)
    context = {
        **_pay(viewer, today),
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "tasks": work.tasks_due(viewer, today),
        "counts": work.task_counts(viewer, today),
        "deals": deals.deals_to_move(viewer, today),
        "stages": stages,
        "stage_chart": stage_chart(viewer, stages),
        "open_amount": sum((stage.amount for stage in stages), ZERO),
        "open_deals": sum(stage.count for stage in stages),
    }
    return HomePage("web/home/seller.html", context)


def client_manager(viewer: Viewer, today: date) -> HomePage:
    """Clients to serve, money to come, the team's pool; 10 SQL statements."""
    year = plans.year_by_month(viewer, plans.collected(viewer, today))
    pay = _pay(viewer, today)
    context = {
        **pay,
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "pool": sum((part.amount for part in pay["parts"] if part.kind == Component.Kind.TEAM_POOL), ZERO),
        "tasks": work.tasks_due(viewer, today),
        "counts": work.task_counts(viewer, today),
        "receivables": money.receivables(viewer, today),
        "owed": money.receivable_sum(viewer, today),
        "clients": money.quiet_clients(viewer, today),
    }
    return HomePage("web/home/client_manager.html", context)


def vip_manager(viewer: Viewer, today: date) -> HomePage:
    """Corporate clients: deals, money, and who has gone quiet; 10 SQL statements."""
    year = plans.year_by_month(viewer, plans.collected(viewer, today))
    context = {
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "deals": deals.deals_to_move(viewer, today),
        "tasks": work.tasks_due(viewer, today),
        "receivables": money.receivables(viewer, today),
        "owed": money.receivable_sum(viewer, today),
        "clients": money.quiet_clients(viewer, today),
        **_pay(viewer, today),
    }
    return HomePage("web/home/vip.html", context)


COMMISSIONS = frozenset({Component.Kind.RATE, Component.Kind.TEAM_POOL})
"""Parts of pay that come of payments."""


def _pay(viewer: Viewer, today: date) -> dict[str, Any]:
    """What the viewer has earned so far this month, salary included, with its drawing; 2 SQL statements."""
    parts = money.own_pay(viewer, Month.of(today))
    chart: Chart | None = None
    if parts:
        chart = charts.waterfall(_("Pay of this month so far"), [(part.name, part.amount) for part in parts], total=_("Total"))
    return {
        "parts": parts,
        "pay_chart": chart,
        "earned": sum((part.amount for part in parts), ZERO),
        "commissions": sum((part.amount for part in parts if part.kind in COMMISSIONS), ZERO),
        "pay_url": listed("compensation:my_statement", month=Month.of(today)),
    }
