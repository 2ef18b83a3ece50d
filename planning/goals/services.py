"""Writes of the year plan: goal, distribution, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from planning.bulk import copy_rows
from planning.engine.distribution import Allotment, Branch, after_finished, distribute, months_of_goal
from planning.engine.weights import FULL, NOTHING, ramp_share, result_weight, seasonality
from planning.goals.models import PlanAmount, PlanNode, YearPlan
from planning.goals.queries import (
    Finished,
    Record,
    Seat,
    amounts_of_months_over,
    collected_by_month,
    finished_amounts,
    imbalances,
    plan_in_force,
    records,
    seats,
)
from planning.guard import require
from planning.policies import can_set_goal
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import Conflict, Issue, invalid
from salesys.kernel.money import MAX_MONEY, ZERO, round_money, round_rate
from salesys.kernel.periods import Month
from salesys.shell import formats

RECORD_MONTHS = 12
COMPANY = "company"


@transaction.atomic
def set_year_goal(
    *, actor: User | None, year: int, goal: Decimal, season: Sequence[Decimal] = (), qualitative_goals: str = ""
) -> YearPlan:
    """Open a draft of a year's plan, or change the one that is open; its distribution, if any, is dropped.

    An agreed plan stays in force until another version is agreed. Locks the year, so that two who set it at once change one
    draft, and its open draft.

    Args:
        actor: Owner or commercial director; None for the system.
        year: Calendar year, 2000 to 2200.
        goal: Payments to collect in the year, without VAT, whole kopecks, more than zero.
        season: Twelve weights, or none to use the company's own history.
        qualitative_goals: One per line.

    Raises:
        InvalidInput: Goal, year or season out of range; each issue names its field.
        NotAllowed: The actor does not set goals.
    """
    require(actor, can_set_goal)
    _check_goal(year, goal, season)
    lock_until_commit(f"plan:{year}")
    versions = YearPlan.all_rows.filter(year=year)
    draft = versions.select_for_update().filter(status=YearPlan.Status.DRAFT).first()
    before = {"goal": draft.goal, "qualitative_goals": draft.qualitative_goals} if draft else {}
    if draft is None:
        version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
        draft = YearPlan(year=year, version=version, author=actor)
    draft.goal, draft.season, draft.qualitative_goals = goal, list(season), qualitative_goals.strip()
    draft.save()
    draft.nodes.all().delete()
    after = {"goal": goal, "qualitative_goals": draft.qualitative_goals, "season": [str(weight) for weight in season]}
    record(actor=actor, action="plan.goal_set", obj=draft, before=before, after=after)
    return draft


def _check_goal(year: int, goal: Decimal, season: Sequence[Decimal]) -> None:
    if not 2000 <= year <= 2200:
        raise invalid(
            "year_out_of_range", _("This year cannot be planned."), field="year", value=year, remedy=_("Write it like 2026.")
        )
    if not goal.is_finite() or not 0 < goal <= MAX_MONEY or goal != round_money(goal):
        raise invalid(
            "goal_not_positive",
            _("A goal is an amount above zero with at most two decimal places."),
            field="goal",
            value=goal,
            remedy=_("Write what is to be collected in the year, without VAT."),
        )
    if season and len(season) != 12:
        raise invalid(
            "months_missing",
            _("A season has twelve months."),
            field="season",
            value=len(season),
            remedy=_("Give one weight per month."),
        )
    if season and (min(season) < 0 or max(season) >= 1000 or not any(round_rate(weight) for weight in season)):
        raise invalid(
            "season_out_of_range",
            _("Weights of months are zero or more and below 1000, and not all zero."),
            field="season",
            value=" ".join(map(str, season)),
            remedy=_("Write 1 for a usual month."),
        )


@transaction.atomic
def distribute_plan(*, actor: User | None, plan: YearPlan, weights: Mapping[int, Decimal] | None = None) -> YearPlan:
    """Divide a draft's goal by month, direction and seller, exactly to the kopeck; an earlier distribution is replaced.

    Months that are over keep what the version in force gave to everyone; what is left of the goal is divided over the months
    to come (ADR 24). These follow the plan's season, else the company's history before the year; people follow their results
    of the last twelve months mixed with those of their direction, new people by their ramp. Locks the plan.

    Args:
        actor: Owner or commercial director; None for the system.
        plan: A draft.
        weights: Weight by employee id instead of the measured ones; who is missing in it gets nothing.

    Raises:
        Conflict: The plan is not a draft.
        InvalidInput: Nobody sells in the months to come, a weight is negative, the goal is below what the months that are over
            had, or all of them are over.
        NotAllowed: The actor does not distribute plans.
    """
    require(actor, can_set_goal)
    plan = _lock_draft(plan)
    before = min(clock.today(), plan.months[0].first)
    window = Month.of(before).plus(-RECORD_MONTHS)
    places = seats(plan.year, since=window.first)
    measured = records(since=window.first, until=window.plus(RECORD_MONTHS).first)
    shares = _weights_of_people(places, measured) if weights is None else _given_weights(places, weights)
    finished = finished_amounts(plan.year, clock.today())
    _check_finished(plan, finished)
    tree = _tree(plan, places, shares, finished)
    _write(plan, _divided(plan, tree, finished, tuple(plan.season) or seasonality(collected_by_month(before))))
    found = plan.nodes.count()
    record(actor=actor, action="plan.distributed", obj=plan, after={"nodes": found, "goal": plan.goal})
    return plan


def _check_finished(plan: YearPlan, finished: Finished) -> None:
    if finished.months == len(plan.months):
        raise invalid(
            "year_is_over", _("The year of this plan is over."), field="year", value=plan.year, remedy=_("Plan the next year.")
        )
    had = sum((sum(amounts, ZERO) for amounts in finished.amounts.values()), ZERO)
    if had > plan.goal:
        raise invalid(
            "goal_below_finished",
            _("The months that are over had %(amount)s of the plan; they keep it, and the goal is less.")
            % {"amount": formats.money_text(had)},
            field="goal",
            value=plan.goal,
            remedy=_("Set a larger goal."),
        )


def _divided(plan: YearPlan, tree: Branch, finished: Finished, season: Sequence[Decimal]) -> tuple[Allotment, ...]:
    """The months that are over as they were, and the rest of the goal over the others."""
    over, amounts = finished.months, finished.amounts
    had = tuple(sum((own[month] for own in amounts.values()), ZERO) for month in range(over))
    # nothing falls to months in which nobody is there to sell
    there = (FULL,) * over + tuple(FULL if people else NOTHING for people in tree.weights)
    months = months_of_goal(plan.goal, [weight * share for weight, share in zip(season, there, strict=True)], had)
    to_come = distribute(tree, months[over:])
    return after_finished({_leaf_key(*seat): own for seat, own in amounts.items()}, to_come, count=over)


def _lock_draft(plan: YearPlan) -> YearPlan:
    locked = YearPlan.all_rows.select_for_update().get(pk=plan.pk)
    if locked.status != YearPlan.Status.DRAFT:
        raise Conflict(
            Issue(
                "plan_not_a_draft",
                _("This plan is agreed already."),
                "plan",
                str(plan),
                _("Set the goal again to open a new version."),
            )
        )
    return locked


def _weights_of_people(places: Sequence[Seat], measured: Mapping[int, Record]) -> dict[int, Decimal]:
    """Expected monthly result of each person, mixed with the average of the direction they were last in."""
    direction_of = {seat.employee_id: seat.direction_id for seat in places}
    members: dict[int | None, list[int]] = {}
    for employee_id, direction_id in direction_of.items():
        members.setdefault(direction_id, []).append(employee_id)
    company = _mean(list(direction_of), measured) or Decimal(1)
    means = {direction_id: _mean(people, measured) or company for direction_id, people in members.items()}
    return {
        employee_id: result_weight(
            measured[employee_id].collected, measured[employee_id].months, colleagues_mean=means[direction_id]
        )
        for employee_id, direction_id in direction_of.items()
    }


def _mean(people: Sequence[int], measured: Mapping[int, Record]) -> Decimal:
    months = sum(measured[person].months for person in people)
    collected = sum((max(measured[person].collected, Decimal(0)) for person in people), Decimal(0))
    return collected / months if months else Decimal(0)


def _given_weights(places: Sequence[Seat], weights: Mapping[int, Decimal]) -> dict[int, Decimal]:
    strangers = set(weights) - {seat.employee_id for seat in places}
    if strangers:
        raise invalid(
            "not_a_seller",
            _("There are weights for people who do not sell in that year."),
            field="weights",
            value=min(strangers),
            remedy=_("Leave them out, or assign them as sellers first."),
        )
    return {seat.employee_id: weights.get(seat.employee_id, NOTHING) for seat in places}


def _tree(plan: YearPlan, places: Sequence[Seat], shares: Mapping[int, Decimal], finished: Finished) -> Branch:
    """Company, directions, sellers with their weights in the months to come.

    A seller who changes direction within the year stands in both, each for its months; whoever had a part of the months that
    are over stands there, too.
    """
    to_come = range(finished.months + 1, len(plan.months) + 1)
    by_seat: dict[tuple[int, int], dict[int, Decimal]] = {}
    for seat in places:
        if seat.month.number in to_come:
            weight = shares[seat.employee_id] * ramp_share(seat.month, hired=seat.hired)
            by_seat.setdefault((seat.direction_id or 0, seat.employee_id), {})[seat.month.number] = weight
    if not by_seat:
        raise invalid(
            "no_sellers",
            _("Nobody sells in that year."),
            field="year",
            value=plan.year,
            remedy=_("Assign sellers to directions first."),
        )
    children: dict[int, list[Branch]] = {}
    for direction_id, employee_id in sorted(by_seat.keys() | finished.amounts.keys()):
        months = by_seat.get((direction_id, employee_id), {})
        leaf = Branch(_leaf_key(direction_id, employee_id), tuple(months.get(number, NOTHING) for number in to_come))
        children.setdefault(direction_id, []).append(leaf)
    directions = tuple(Branch(str(key), _summed(leaves), tuple(leaves)) for key, leaves in children.items())
    return Branch(COMPANY, _summed(directions), directions)


def _leaf_key(direction_id: int, employee_id: int) -> str:
    return f"{direction_id}/{employee_id}"


def _summed(branches: Sequence[Branch]) -> tuple[Decimal, ...]:
    return tuple(sum(column, NOTHING) for column in zip(*(branch.weights for branch in branches), strict=True))


def _write(plan: YearPlan, found: Sequence[Allotment]) -> None:
    plan.nodes.all().delete()
    nodes: dict[str, PlanNode] = {}
    for level in PlanNode.Level:
        fresh = {part.key: _node(plan, part, nodes) for part in found if _level_of(part.key) == level}
        PlanNode.all_rows.bulk_create(fresh.values())
        nodes |= fresh
    rows = (
        (nodes[part.key].pk, month.first, amount)
        for part in found
        for month, amount in zip(plan.months, part.amounts, strict=True)
    )
    copy_rows(PlanAmount._meta.db_table, ["node_id", "month", "amount"], rows)


def _level_of(key: str) -> PlanNode.Level:
    if key == COMPANY:
        return PlanNode.Level.COMPANY
    return PlanNode.Level.SELLER if "/" in key else PlanNode.Level.DIRECTION


def _node(plan: YearPlan, part: Allotment, nodes: Mapping[str, PlanNode]) -> PlanNode:
    direction, _slash, employee = part.key.partition("/")
    return PlanNode(
        plan=plan,
        level=_level_of(part.key),
        parent=nodes[part.parent] if part.parent else None,
        direction_id=int(direction) or None if direction != COMPANY else None,
        employee_id=int(employee) if employee else None,
    )


def _check_months_over(plan: YearPlan) -> None:
    """A draft that was distributed before a month had ended would change the plan of that month."""
    today = clock.today()
    if plan_in_force(plan.year) is not None and amounts_of_months_over(plan, today) != finished_amounts(plan.year, today):
        raise invalid(
            "month_is_over",
            _("A month has ended since this plan was distributed; its amounts stay as they were agreed."),
            field="plan",
            value=plan,
            remedy=_("Distribute it again."),
        )


@transaction.atomic
def agree_plan(*, actor: User | None, plan: YearPlan) -> YearPlan:
    """Put a distributed draft in force; the version in force before it is superseded. From then on amounts cannot change.

    Locks the plan and the one that it supersedes.

    Raises:
        Conflict: The plan is not a draft.
        InvalidInput: It is not distributed, somewhere the parts do not sum to the whole, or a month that is over by now has
            other amounts than in the version in force.
        NotAllowed: The actor does not agree plans.
    """
    require(actor, can_set_goal)
    plan = _lock_draft(plan)
    if not plan.nodes.exists():
        raise invalid(
            "plan_not_distributed",
            _("The goal is not distributed yet."),
            field="plan",
            value=plan,
            remedy=_("Distribute it first."),
        )
    _check_months_over(plan)
    for wrong in imbalances(plan)[:1]:
        raise invalid(
            "plan_does_not_add_up",
            _("The parts do not sum to the whole: %(gap)s is missing in %(month)s.")
            % {"gap": wrong.gap, "month": Month.of(wrong.month)},
            field="plan",
            value=plan,
            remedy=_("Distribute it again."),
        )
    YearPlan.all_rows.filter(year=plan.year, status=YearPlan.Status.AGREED).update(status=YearPlan.Status.SUPERSEDED)
    plan.nodes.update(state=PlanNode.State.ACCEPTED)
    plan.status, plan.agreed_by, plan.agreed_at = YearPlan.Status.AGREED, actor, clock.now()
    plan.save(update_fields=["status", "agreed_by", "agreed_at"])
    record(actor=actor, action="plan.agreed", obj=plan, before={"status": "draft"}, after={"status": "agreed", "goal": plan.goal})
    return plan
