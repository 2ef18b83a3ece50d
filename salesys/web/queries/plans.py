"""Plan and fact: payments collected without VAT against the agreed plan, in the company's currency.

A payment counts for the seller whose contract it pays, as the plan is distributed by the same rule.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import ExtractMonth

from pipeline.deals.whose import MOST
from pipeline.models import Payment
from planning.goals.homes import SellerPart, home_months, seller_parts
from planning.models import PlanAmount, PlanNode, YearPlan
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO, round_money
from salesys.kernel.periods import Month
from salesys.web.links import address, listed

LEVEL_OF_REACH = {"all": PlanNode.Level.COMPANY, "team": PlanNode.Level.DIRECTION, "own": PlanNode.Level.SELLER}


@dataclass(frozen=True, slots=True)
class YearByMonth:
    """Twelve planned amounts and the facts of the months up to today.

    `node_id` is the part of the plan that they are of, None where there are several or none.
    """

    year: int
    plan: tuple[Decimal, ...]
    fact: tuple[Decimal, ...]
    today: date
    plan_id: int | None = None
    node_id: int | None = None

    @property
    def month(self) -> Month:
        """The month of today."""
        return Month.of(self.today)

    @property
    def plan_of_month(self) -> Decimal:
        """Planned for the month of today."""
        return self.plan[self.today.month - 1]

    @property
    def fact_of_month(self) -> Decimal:
        """Collected in the month of today."""
        return self.fact[self.today.month - 1]

    @property
    def plan_of_year(self) -> Decimal:
        """The goal."""
        return sum(self.plan, ZERO)

    @property
    def fact_of_year(self) -> Decimal:
        """Collected since January."""
        return sum(self.fact, ZERO)

    @property
    def plan_to_date(self) -> Decimal:
        """Planned up to and including today; the month of today counts by its days."""
        done = sum(self.plan[: self.today.month - 1], ZERO)
        return done + day_share(self.plan_of_month, self.today)

    @property
    def gap(self) -> Decimal:
        """What lacks to the plan to date; negative when ahead."""
        return self.plan_to_date - self.fact_of_year

    @property
    def lead(self) -> Decimal:
        """How much more has come than the plan to date asks for."""
        return -self.gap

    @property
    def has_plan(self) -> bool:
        """Whether a plan is agreed for the year."""
        return self.plan_of_year > 0


def day_share(amount: Decimal, today: date) -> Decimal:
    """The part of a month's amount that falls on the days up to `today`."""
    return round_money(amount * today.day / Month.of(today).last.day)


@dataclass(frozen=True, slots=True)
class Collected:
    """Payments without VAT from January up to today, by seller (None: a contract without one) and month."""

    today: date
    amounts: dict[tuple[int | None, int], Decimal]

    def of_month(self, number: int, sellers: Container[int | None] | None = None) -> Decimal:
        """Collected in a month of the year, by everyone or by some."""
        return sum((amount for (seller, at), amount in self.amounts.items() if at == number and _among(seller, sellers)), ZERO)

    def of_seller(self, seller: int, months: Container[int]) -> tuple[Decimal, Decimal]:
        """A seller's month of today, and year up to today, of some months of the year alone."""
        numbers = [number for number in range(1, self.today.month + 1) if number in months]
        by_month = {number: self.amounts.get((seller, number), ZERO) for number in numbers}
        return by_month.get(self.today.month, ZERO), sum(by_month.values(), ZERO)


def _among(seller: int | None, sellers: Container[int | None] | None) -> bool:
    return sellers is None or seller in sellers


def collected(viewer: Viewer, today: date) -> Collected:
    """What came in this year, as far as the viewer sees it; 1 SQL statement."""
    rows = (
        Payment.objects.visible_to(viewer)
        .filter(paid_on__year=today.year, paid_on__lte=today)
        .annotate(number=ExtractMonth("paid_on"))
        .values_list("contract__seller_id", "number")
        .annotate(total=Sum("amount_without_vat"))
        .order_by()
    )
    return Collected(today, {(seller, number): total for seller, number, total in rows})


def year_by_month(viewer: Viewer, money: Collected) -> YearByMonth:
    """Plan and fact of what the viewer answers for: company, direction or the own part; 1 SQL statement.

    Args:
        viewer: Whose plan.
        money: As `collected` gives it to the same viewer.
    """
    today, reach = money.today, viewer.reach("plans")
    if reach == "team":
        return _year_of_directions(viewer, money)
    sellers = None if reach == "all" else viewer.team_ids
    fact = tuple(money.of_month(number, sellers) for number in range(1, today.month + 1))
    planned = _planned(viewer, today.year, reach)
    plan = tuple(sum((row.amount for row in planned if row.month == number), ZERO) for number in range(1, 13))
    ids, nodes = {row.plan_id for row in planned}, {row.node_id for row in planned}
    return YearByMonth(today.year, plan, fact, today, _only(ids), _only(nodes))


def _year_of_directions(viewer: Viewer, money: Collected) -> YearByMonth:
    """Plan and fact of a head's directions; 1 SQL statement.

    The plan of a direction is that of its sellers together. Their payments count in the months that stand in it, wherever the
    seller is by now; those of people below who have no part of the plan count, too, and of everyone below where no part is
    the head's.
    """
    today, agreed = money.today, _agreed(money.today.year)
    nodes = PlanNode.all_rows.filter(level=PlanNode.Level.SELLER, **agreed)
    sellers = nodes.filter(Q(direction__in=viewer.direction_ids) | Q(employee__in=viewer.team_ids)).order_by()
    parts = seller_parts(nodes.filter(employee__in=sellers.values("employee")))
    months, own = home_months(parts), [part for part in parts if part.direction_id in viewer.direction_ids]
    without = set(viewer.team_ids) - ({part.employee_id for part in parts} if own else set())
    fact = tuple(
        money.of_month(number, without | {part.employee_id for part in own if number in months[part.node_id]})
        for number in range(1, today.month + 1)
    )
    plan = tuple(sum((part.amounts[index] for part in own), ZERO) for index in range(12))
    return YearByMonth(today.year, plan, fact, today, node_id=_only({part.parent_id for part in own if part.parent_id}))


def _agreed(year: int) -> dict[str, Any]:
    return {"plan__year": year, "plan__status": YearPlan.Status.AGREED}


@dataclass(frozen=True, slots=True)
class Planned:
    """The amount of one part of a plan in one month of its year."""

    plan_id: int
    node_id: int
    month: int
    amount: Decimal


def _planned(viewer: Viewer, year: int, reach: str) -> list[Planned]:
    nodes = PlanNode.objects.visible_to(viewer).filter(level=LEVEL_OF_REACH.get(reach, PlanNode.Level.SELLER), **_agreed(year))
    rows = PlanAmount.all_rows.filter(node__in=nodes).order_by()
    return [
        Planned(plan_id, node_id, month.month, amount)
        for plan_id, node_id, month, amount in rows.values_list("node__plan_id", "node_id", "month", "amount")
    ]


def _only(ids: set[int]) -> int | None:
    return next(iter(ids)) if len(ids) == 1 else None


@dataclass(frozen=True, slots=True)
class SellerLine:
    """One seller's plan and fact: of the month of today and of the year up to today.

    Somebody who changed direction has two lines; only the main one has the fact.
    """

    employee_id: int
    name: str
    direction_id: int | None
    direction: str
    month_plan: Decimal
    month_fact: Decimal
    plan_to_date: Decimal
    fact_to_date: Decimal
    node_id: int
    parent_id: int | None
    is_here: bool = True
    """Whether the month of today stands in this part; who has moved is here in one alone."""

    @property
    def url(self) -> str:
        """The seller's part of the plan."""
        return address("planning:node", self.node_id)

    @property
    def attainment(self) -> Decimal | None:
        """Fact of the month per plan of the month; None without a plan."""
        return self.month_fact / self.month_plan if self.month_plan else None

    @property
    def attainment_to_date(self) -> Decimal | None:
        """Fact of the year per plan to date."""
        return self.fact_to_date / self.plan_to_date if self.plan_to_date else None


def seller_lines(viewer: Viewer, money: Collected) -> list[SellerLine]:
    """Everyone with a part in the agreed plan, the furthest behind first; 1 SQL statement.

    Who changed direction has two parts; the payments of a month stand once, where the plan of that month is.

    Args:
        viewer: Whose people.
        money: As `collected` gives it to the same viewer.
    """
    nodes = PlanNode.objects.visible_to(viewer).filter(level=PlanNode.Level.SELLER, **_agreed(money.today.year))
    parts = seller_parts(nodes)
    months = home_months(parts)
    lines = [_line(part, months[part.node_id], money) for part in parts if any(part.amounts[: money.today.month])]
    return sorted(lines, key=lambda line: (line.fact_to_date - line.plan_to_date, line.name))


def _line(part: SellerPart, months: Container[int], money: Collected) -> SellerLine:
    today = money.today
    fact, to_date = money.of_seller(part.employee_id, months)
    before, now = sum(part.amounts[: today.month - 1], ZERO), part.amounts[today.month - 1]
    return SellerLine(
        employee_id=part.employee_id,
        name=part.name,
        direction_id=part.direction_id,
        direction=part.direction or "",
        month_plan=now,
        month_fact=fact,
        plan_to_date=before + day_share(now, today),
        fact_to_date=to_date,
        node_id=part.node_id,
        parent_id=part.parent_id,
        is_here=today.month in months,
    )


@dataclass(frozen=True, slots=True)
class DirectionLine:
    """A direction's sellers together; `members` are those whose facts and deals are counted in it."""

    direction_id: int | None
    name: str
    sellers: int
    month_plan: Decimal
    month_fact: Decimal
    plan_to_date: Decimal
    fact_to_date: Decimal
    pipeline: Decimal = ZERO
    node_id: int | None = None
    members: tuple[int, ...] = ()

    @property
    def url(self) -> str:
        """The direction's part of the plan."""
        return address("planning:node", self.node_id) if self.node_id else ""

    @property
    def paid_url(self) -> str:
        """The payments of this month that sum to the fact."""
        return self._of_members("pipeline:payment_list")

    @property
    def deals_url(self) -> str:
        """The open deals behind the pipeline."""
        return self._of_members("pipeline:deal_board")

    def _of_members(self, name: str) -> str:
        return listed(name, seller=",".join(map(str, self.members))) if 0 < len(self.members) <= MOST else ""

    @property
    def attainment(self) -> Decimal | None:
        """Fact of the month per plan of the month; None without a plan."""
        return self.month_fact / self.month_plan if self.month_plan else None

    @property
    def attainment_to_date(self) -> Decimal | None:
        """Fact of the year per plan to date."""
        return self.fact_to_date / self.plan_to_date if self.plan_to_date else None


def by_direction(lines: Iterable[SellerLine], pipeline: dict[int, Decimal]) -> list[DirectionLine]:
    """The sellers' lines added up by direction, the largest plan first; no SQL.

    Args:
        lines: As `seller_lines` gives them.
        pipeline: Seller -> weighted amount of open deals.
    """
    groups: dict[int | None, list[SellerLine]] = {}
    for line in lines:
        groups.setdefault(line.direction_id, []).append(line)
    return sorted((_direction(group, pipeline) for group in groups.values()), key=lambda line: (-line.plan_to_date, line.name))


def _direction(group: list[SellerLine], pipeline: dict[int, Decimal]) -> DirectionLine:
    return DirectionLine(
        direction_id=group[0].direction_id,
        name=group[0].direction,
        sellers=len({line.employee_id for line in group}),
        month_plan=sum((line.month_plan for line in group), ZERO),
        month_fact=sum((line.month_fact for line in group), ZERO),
        plan_to_date=sum((line.plan_to_date for line in group), ZERO),
        fact_to_date=sum((line.fact_to_date for line in group), ZERO),
        pipeline=sum((pipeline.get(line.employee_id, ZERO) for line in group if line.is_here), ZERO),
        node_id=group[0].parent_id,
        members=tuple(sorted(line.employee_id for line in group if line.is_here)),
    )
