from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from compensation.engine.month import Attained, Cover, EarningKey, MonthInputs, month_earnings
from compensation.engine.terms import Component, CreditRole, PlanBonus, Rate, Salary, TeamPool, Tier, TierOn

STEPS = (Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal(15_000)))
TIERS = (Tier(Decimal(0), Decimal(1), Decimal("0.05")), Tier(Decimal(1), None, Decimal("0.1")))
PARTS = [
    (1, Component("salary", "Salary", Salary(Decimal(60_000)))),
    (2, Component("rate", "Rate", Rate(CreditRole.HUNTER, tiers=TIERS, tier_on=TierOn.ATTAINMENT))),
    (3, Component("bonus", "Bonus", PlanBonus(STEPS))),
]


def cover(payee_id: int, first: int, until: int) -> Cover:
    return Cover(payee_id, 1, 1, 1, date(2026, 1, first), date(2026, 1, until))


def inputs(*, are_days_paid: bool = True) -> MonthInputs:
    return MonthInputs(
        covers=[cover(7, 1, 20), cover(7, 20, 31), cover(7, 10, 11)],
        components={1: PARTS},
        sums={EarningKey(7, 2): Decimal(100_000)},
        attained={7: Attained(Decimal(200), Decimal(250), Decimal("1.25")), 8: Attained(Decimal(0), Decimal(5), None)},
        worked_days=lambda from_on, until_on: (until_on - from_on).days if from_on.day != 10 else 0,
        norm_days=30,
        are_days_paid=are_days_paid,
    )


def test_attainment_decides_on_tiers_and_bonus_and_stands_in_the_trace() -> None:
    found = month_earnings(inputs())
    assert {key: line.amount for key, line in found.items()} == {
        EarningKey(7, 1): Decimal("60000.00"),
        EarningKey(7, 2): Decimal("6000.00"),
        EarningKey(7, 3): Decimal("15000.00"),
    }
    assert found[EarningKey(7, 3)].trace["inputs"] == {"plan": "200", "fact": "250", "attainment": "1.25", "salary": "60000"}


def test_before_the_ledger_begins_neither_salaries_nor_bonuses_are_earned() -> None:
    assert set(month_earnings(inputs(are_days_paid=False))) == {EarningKey(7, 2)}


def pool_inputs(weights: dict[tuple[int, int], Decimal]) -> MonthInputs:
    pool = Component("pool", "Team pool", TeamPool(Decimal("0.1"), Decimal(100_000)))
    return MonthInputs(
        covers=[Cover(8, 3, 2, 2, date(2026, 1, 1), date(2026, 1, 31)), Cover(9, 3, 2, 2, date(2026, 1, 21), date(2026, 1, 31))],
        components={2: [(4, pool)]},
        sums={EarningKey(0, 4, 3): Decimal(150_000), EarningKey(0, 4, 5): Decimal(999_999)},
        attained={},
        worked_days=lambda from_on, until_on: (until_on - from_on).days,
        norm_days=30,
        weights=weights,
    )


def pooled(weights: dict[tuple[int, int], Decimal]) -> dict[int, Decimal]:
    return {key.payee_id: line.amount for key, line in month_earnings(pool_inputs(weights)).items()}


def test_a_team_pool_is_divided_by_days_worked_in_its_department() -> None:
    assert pooled({}) == {8: Decimal("3750.00"), 9: Decimal("1250.00")}


def test_weights_of_the_head_go_before_days() -> None:
    assert pooled({(3, 8): Decimal("0.4"), (3, 9): Decimal("0.6")}) == {8: Decimal("2000.00"), 9: Decimal("3000.00")}


def test_without_a_plan_there_is_no_bonus_and_the_trace_says_so() -> None:
    line = month_earnings(replace(inputs(), attained={}))[EarningKey(7, 3)]
    assert (line.amount, line.trace["inputs"]) == (Decimal("0.00"), {"salary": "60000"})
