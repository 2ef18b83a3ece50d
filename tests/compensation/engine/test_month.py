from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from compensation.engine.inputs import Attained, Cover, EarningKey, MonthInputs, Version
from compensation.engine.month import month_earnings
from compensation.engine.terms import Component, CreditRole, PlanBonus, Rate, Salary, TeamPool, Tier, TierOn
from salesys.kernel.errors import Issue

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
    found = month_earnings(inputs()).lines
    assert {key: line.amount for key, line in found.items()} == {
        EarningKey(7, 1): Decimal("60000.00"),
        EarningKey(7, 2): Decimal("6000.00"),
        EarningKey(7, 3): Decimal("15000.00"),
    }
    assert found[EarningKey(7, 3)].trace["inputs"] == {"plan": "200", "fact": "250", "attainment": "1.25", "salary": "60000"}


def test_before_the_ledger_begins_neither_salaries_nor_bonuses_are_earned() -> None:
    assert set(month_earnings(inputs(are_days_paid=False)).lines) == {EarningKey(7, 2)}


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
    return {key.payee_id: line.amount for key, line in month_earnings(pool_inputs(weights)).lines.items()}


def test_a_team_pool_is_divided_by_days_worked_in_its_department() -> None:
    assert pooled({}) == {8: Decimal("3750.00"), 9: Decimal("1250.00")}


def test_weights_of_the_head_go_before_days() -> None:
    assert pooled({(3, 8): Decimal("0.4"), (3, 9): Decimal("0.6")}) == {8: Decimal("2000.00"), 9: Decimal("3000.00")}


def test_without_a_plan_there_is_no_bonus_and_the_trace_says_so() -> None:
    line = month_earnings(replace(inputs(), attained={})).lines[EarningKey(7, 3)]
    assert (line.amount, line.trace["inputs"]) == (Decimal("0.00"), {"salary": "60000"})


def failed(month: MonthInputs) -> dict[EarningKey, tuple[str, str]]:
    return {key: (issue.code, issue.value) for key, issue in month_earnings(month).issues.items()}


def with_parts(*parts: tuple[int, Component]) -> MonthInputs:
    covers = [Cover(payee_id, 1, 1, 1, date(2026, 1, 1), date(2026, 1, 31)) for payee_id in (7, 8)]
    return replace(inputs(), covers=covers, components={1: parts})


def test_what_one_payee_reaches_in_a_gap_fails_for_that_payee_alone() -> None:
    gap = (STEPS[0], Tier(Decimal(2), None, Decimal(15_000)))
    month = with_parts((3, Component("bonus", "Bonus", PlanBonus(gap))), PARTS[0])
    attained = {7: Attained(Decimal(200), Decimal(250), Decimal("1.25")), 8: Attained(Decimal(200), Decimal(500), Decimal("2.5"))}
    found = month_earnings(replace(month, attained=attained))
    assert failed(replace(month, attained=attained)) == {EarningKey(7, 3): ("no_tier_holds", "1.25")}
    assert {key: line.amount for key, line in found.lines.items()} == {
        EarningKey(7, 1): Decimal("60000.00"),
        EarningKey(8, 1): Decimal("60000.00"),
        EarningKey(8, 3): Decimal("15000.00"),
    }


def test_an_amount_that_the_ledger_cannot_hold_is_an_issue() -> None:
    edge, above = Decimal("9999999999999999.99"), Decimal("1e16")
    month = with_parts(
        (1, Component("edge", "Edge", Salary(edge))),
        (2, Component("above", "Above", Salary(above))),
        (3, Component("huge", "Huge", Salary(Decimal("1e30")))),
    )
    found = month_earnings(month)
    assert {key.component_id: line.amount for key, line in found.lines.items()} == {1: edge}
    assert {key.component_id: found.issues[key].code for key in found.issues} == {2: "out_of_range", 3: "not_computable"}


def test_terms_that_are_known_to_be_unsound_are_not_computed() -> None:
    unsound = {2: Issue("no_tiers", "At least one step is needed."), 9: Issue("no_tiers", "At least one step is needed.")}
    found = month_earnings(replace(inputs(), unsound=unsound))
    assert set(found.lines) == {EarningKey(7, 1), EarningKey(7, 3)}
    assert found.issues == {EarningKey(7, 2): unsound[2]}


def test_a_pool_fails_for_all_of_its_members() -> None:
    weights = {(3, 8): Decimal("1.5"), (3, 9): Decimal("-0.5")}
    found = month_earnings(pool_inputs(weights))
    assert found.lines == {}
    assert {key: issue.code for key, issue in found.issues.items()} == {
        EarningKey(8, 4, 3): "negative_weight",
        EarningKey(9, 4, 3): "negative_weight",
    }


def summed(versions: dict[int, Version], *terms: Rate, sums: dict[int, int]) -> dict[int, Decimal]:
    """Component -> amount of a payee whom each version of a scheme covered for ten days, one after another."""
    components = {number: [(number * 10, Component("rate", "Rate", part))] for number, part in enumerate(terms, start=1)}
    month = MonthInputs(
        covers=[Cover(7, 1, 1, number, date(2026, 1, number * 10 - 9), date(2026, 1, number * 10 + 1)) for number in components],
        components=components,
        versions=versions,
        sums={EarningKey(7, component_id): Decimal(basis) for component_id, basis in sums.items()},
        worked_days=lambda from_on, until_on: (until_on - from_on).days,
        norm_days=30,
    )
    return {key.component_id: line.amount for key, line in month_earnings(month).lines.items()}


def capped(cap: int) -> Rate:
    return Rate(CreditRole.HUNTER, rate=Decimal("0.1"), cap=Decimal(cap))


def test_versions_of_one_scheme_are_one_sum_under_the_last_ones_terms() -> None:
    both = {1: Version(5, date(2025, 1, 1)), 2: Version(5, date(2026, 1, 11))}
    assert summed(both, capped(500), capped(500), sums={10: 9_000, 20: 1_000}) == {20: Decimal("500.00")}
    assert summed(both, capped(500), capped(800), sums={10: 9_000}) == {20: Decimal("800.00")}
    apart = {1: Version(5, date(2025, 1, 1)), 2: Version(6, date(2026, 1, 11))}
    assert summed(apart, capped(500), capped(500), sums={10: 9_000, 20: 1_000}) == {10: Decimal("500.00"), 20: Decimal("100.00")}


def test_a_floor_is_prorated_like_a_salary() -> None:
    both = {1: Version(5, date(2025, 1, 1)), 2: Version(5, date(2026, 1, 11))}
    without, with_floor = Rate(CreditRole.HUNTER, cap=Decimal(10**6)), Rate(CreditRole.HUNTER, floor=Decimal(3000))
    assert summed(both, with_floor, replace(with_floor, floor=Decimal(6000)), sums={}) == {20: Decimal("4000.00")}
    assert summed(both, without, with_floor, sums={}) == {20: Decimal("1000.00")}
    assert summed(both, with_floor, without, sums={}) == {}
    assert summed(both, without, with_floor, sums={20: -5}) == {20: Decimal("1000.00")}
