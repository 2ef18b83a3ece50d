from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compensation.engine.earning import earn_plan_bonus, earn_rate, earn_salary, share_team_fund, team_fund
from compensation.engine.terms import CreditRole, PlanBonus, Rate, Salary, StepUnit, TeamPool, Tier, TierMode, TierOn
from compensation.engine.tiers import tier_of
from compensation.engine.trace import Earned, Piece, PieceKind
from salesys.kernel.errors import InvalidInput
from salesys.kernel.money import round_money

ROLE = CreditRole.HUNTER
TIERS = (
    Tier(Decimal(0), Decimal(100_000), Decimal("0.05")),
    Tier(Decimal(100_000), Decimal(300_000), Decimal("0.07")),
    Tier(Decimal(300_000), None, Decimal("0.10")),
)
ATTAINMENT_TIERS = (
    Tier(Decimal(0), Decimal("0.8"), Decimal("0.04")),
    Tier(Decimal("0.8"), Decimal(1), Decimal("0.06")),
    Tier(Decimal(1), None, Decimal("0.08")),
)
STEPS = (
    Tier(Decimal(0), Decimal("0.8"), Decimal(0)),
    Tier(Decimal("0.8"), Decimal(1), Decimal(7500)),
    Tier(Decimal(1), None, Decimal(15000)),
)
money = st.decimals(Decimal("-1e9"), Decimal("1e9"), places=2)
positive_money = st.decimals(Decimal(0), Decimal("1e9"), places=2)
rates = st.decimals(Decimal(0), Decimal(1), places=6)
attainments = st.decimals(Decimal(-1), Decimal(5), places=4)


def rate(**changes: object) -> Rate:
    return Rate(role=ROLE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("worked", "norm", "expected"),
    [(0, 21, "0.00"), (1, 21, "2857.14"), (20, 21, "57142.86"), (21, 21, "60000.00"), (0, 0, "0.00")],
)
def test_salary_is_prorated_by_worked_days(worked: int, norm: int, expected: str) -> None:
    assert earn_salary(Salary(Decimal(60_000)), worked_days=worked, norm_days=norm).amount == Decimal(expected)


@pytest.mark.parametrize("worked", [-1, 22])
def test_salary_refuses_days_that_the_month_does_not_have(worked: int) -> None:
    with pytest.raises(InvalidInput) as error:
        earn_salary(Salary(Decimal(60_000)), worked_days=worked, norm_days=21)
    assert error.value.issues[0].value == str(worked)


@given(positive_money, st.integers(1, 31), st.data())
def test_two_parts_of_a_month_differ_from_the_whole_by_a_kopeck_at_most(amount: Decimal, norm: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, norm))
    parts = [earn_salary(Salary(amount), worked_days=days, norm_days=norm).amount for days in (first, norm - first)]
    assert abs(sum(parts) - amount) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("0", "0.00"),
        ("0.04", "0.00"),
        ("0.05", "0.01"),
        ("0.14", "0.01"),
        ("0.15", "0.02"),
        ("-0.05", "-0.01"),
        ("60000", "6000.00"),
    ],
)
def test_a_flat_rate_is_rounded_half_up_once(basis: str, expected: str) -> None:
    assert earn_rate(rate(rate=Decimal("0.1")), Decimal(basis)).amount == Decimal(expected)


@given(rates, money)
def test_a_refund_takes_back_exactly_what_its_payment_brought(share: Decimal, basis: Decimal) -> None:
    terms = rate(rate=share)
    assert earn_rate(terms, basis).amount == -earn_rate(terms, -basis).amount


@pytest.mark.parametrize(
    ("basis", "marginal", "whole"),
    [
        ("0", "0.00", "0.00"),
        ("99999.99", "5000.00", "5000.00"),
        ("100000", "5000.00", "7000.00"),
        ("100000.01", "5000.00", "7000.00"),
        ("299999.99", "19000.00", "21000.00"),
        ("300000", "19000.00", "30000.00"),
        ("300000.10", "19000.01", "30000.01"),
        ("500000", "39000.00", "50000.00"),
        ("-100000", "-5000.00", "-7000.00"),
    ],
)
def test_tiers_on_amount_below_at_and_above_each_bound(basis: str, marginal: str, whole: str) -> None:
    assert earn_rate(rate(tiers=TIERS), Decimal(basis)).amount == Decimal(marginal)
    assert earn_rate(rate(tiers=TIERS, tier_mode=TierMode.WHOLE), Decimal(basis)).amount == Decimal(whole)


@pytest.mark.parametrize(
    ("attainment", "marginal", "whole"),
    [
        (None, "4000.00", "4000.00"),
        ("-0.2", "4000.00", "4000.00"),
        ("0", "4000.00", "4000.00"),
        ("0.7999", "4000.00", "4000.00"),
        ("0.8", "4000.00", "6000.00"),
        ("0.9999", "4399.84", "6000.00"),
        ("1", "4400.00", "8000.00"),
        ("1.25", "5120.00", "8000.00"),
    ],
)
def test_tiers_on_attainment_below_at_and_above_each_bound(attainment: str | None, marginal: str, whole: str) -> None:
    reached = None if attainment is None else Decimal(attainment)
    terms = rate(tiers=ATTAINMENT_TIERS, tier_on=TierOn.ATTAINMENT)
    assert earn_rate(terms, Decimal(100_000), attainment=reached).amount == Decimal(marginal)
    terms = rate(tiers=ATTAINMENT_TIERS, tier_on=TierOn.ATTAINMENT, tier_mode=TierMode.WHOLE)
    assert earn_rate(terms, Decimal(100_000), attainment=reached).amount == Decimal(whole)


@given(money, attainments, st.sampled_from(TierMode), st.sampled_from(TierOn))
def test_tier_pieces_divide_the_basis_exactly(basis: Decimal, attainment: Decimal, mode: TierMode, on: TierOn) -> None:
    terms = rate(tiers=ATTAINMENT_TIERS if on is TierOn.ATTAINMENT else TIERS, tier_on=on, tier_mode=mode)
    result = earn_rate(terms, basis, attainment=attainment)
    assert sum(piece.base for piece in result.pieces) == basis
    assert result.amount == round_money(sum((piece.amount for piece in result.pieces), Decimal(0)))
    assert result.pieces


@given(positive_money, positive_money)
def test_more_basis_never_earns_less_where_rates_rise(first: Decimal, second: Decimal) -> None:
    smaller, larger = sorted((first, second))
    for mode in TierMode:
        terms = rate(tiers=TIERS, tier_mode=mode)
        assert earn_rate(terms, smaller).amount <= earn_rate(terms, larger).amount


@given(money)
def test_a_single_tier_is_a_flat_rate(basis: Decimal) -> None:
    tiers = (Tier(Decimal(0), None, Decimal("0.07")),)
    assert earn_rate(rate(tiers=tiers), basis).amount == earn_rate(rate(rate=Decimal("0.07")), basis).amount


@pytest.mark.parametrize(
    ("basis", "expected", "kind"),
    [
        ("9999.99", "1000.00", PieceKind.RATED),
        ("9990", "1000.00", PieceKind.FLOOR),
        ("10000", "1000.00", PieceKind.RATED),
        ("50000", "5000.00", PieceKind.RATED),
        ("50000.10", "5000.00", PieceKind.CAP),
        ("-1", "1000.00", PieceKind.FLOOR),
    ],
)
def test_floor_and_cap_bound_the_line_and_show_by_how_much(basis: str, expected: str, kind: PieceKind) -> None:
    result = earn_rate(rate(rate=Decimal("0.1"), floor=Decimal(1000), cap=Decimal(5000)), Decimal(basis))
    assert result.amount == Decimal(expected)
    if basis != "9999.99":
        assert result.pieces[-1].kind is kind


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("-49999.90", "-4999.99"), ("-50000", "-5000.00"), ("-50000.10", "-5000.00"), ("-999999", "-5000.00")],
)
def test_a_month_of_refunds_takes_back_no_more_than_the_cap(basis: str, expected: str) -> None:
    capped = rate(rate=Decimal("0.1"), cap=Decimal(5000))
    result = earn_rate(capped, Decimal(basis))
    assert result.amount == Decimal(expected)
    assert result.amount == -earn_rate(capped, -Decimal(basis)).amount
    assert [piece.kind for piece in result.pieces[1:]] == [PieceKind.CAP] * (abs(Decimal(basis)) > 50_000)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [(rate(), False), (rate(tiers=TIERS), True), (rate(floor=Decimal(0)), True), (rate(cap=Decimal(0)), True)],
)
def test_tiers_floor_and_cap_make_a_rate_summed(terms: Rate, expected: bool) -> None:
    assert terms.is_summed is expected


@pytest.mark.parametrize(
    ("attainment", "expected"),
    [
        ("-0.1", "0.00"),
        ("0", "0.00"),
        ("0.7999", "0.00"),
        ("0.8", "7500.00"),
        ("0.9999", "7500.00"),
        ("1", "15000.00"),
        ("3", "15000.00"),
    ],
)
def test_plan_bonus_steps_at_each_bound(attainment: str, expected: str) -> None:
    assert earn_plan_bonus(PlanBonus(STEPS), attainment=Decimal(attainment), salary=Decimal(60_000)).amount == Decimal(expected)


def test_plan_bonus_as_a_share_of_the_salary() -> None:
    terms = PlanBonus((Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal("0.25"))), StepUnit.SALARY_SHARE)
    assert earn_plan_bonus(terms, attainment=Decimal("0.99"), salary=Decimal(60_000)).amount == Decimal("0.00")
    assert earn_plan_bonus(terms, attainment=Decimal(1), salary=Decimal("60000.01")).amount == Decimal("15000.00")


def test_without_a_plan_there_is_no_bonus_and_the_trace_says_so() -> None:
    assert earn_plan_bonus(PlanBonus(STEPS), attainment=None, salary=Decimal(60_000)) == Earned(
        Decimal("0.00"), (Piece(PieceKind.NO_PLAN, Decimal(0), Decimal(0), Decimal(0)),)
    )


@pytest.mark.parametrize(
    ("collections", "expected"),
    [("0", "0.00"), ("-5", "0.00"), ("999999.99", "0.00"), ("1000000", "0.00"), ("1000000.10", "0.01"), ("1500000", "25000.00")],
)
def test_team_fund_begins_above_the_breakeven(collections: str, expected: str) -> None:
    assert team_fund(
        TeamPool(rate=Decimal("0.05"), breakeven=Decimal(1_000_000)), collections=Decimal(collections)
    ).amount == Decimal(expected)


def test_team_fund_is_divided_exactly_with_its_trace() -> None:
    fund = team_fund(TeamPool(rate=Decimal("0.05"), breakeven=Decimal(0)), collections=Decimal(2000))
    shares = share_team_fund(fund, [Decimal(1), Decimal(1), Decimal(1)])
    assert [share.amount for share in shares] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert shares[0].pieces == (
        Piece(PieceKind.POOL, Decimal(2000), Decimal("0.05"), Decimal(100), lower=Decimal(0)),
        Piece(PieceKind.SHARE, Decimal("100.00"), Decimal("0.333333"), Decimal("33.34")),
    )


def test_members_without_any_worked_day_share_equally() -> None:
    fund = team_fund(TeamPool(rate=Decimal("0.05"), breakeven=Decimal(0)), collections=Decimal(2000))
    shares = share_team_fund(fund, [Decimal(0), Decimal(0)])
    assert [share.amount for share in shares] == [Decimal("50.00"), Decimal("50.00")]
    assert [share.pieces[-1].factor for share in shares] == [Decimal("0.5"), Decimal("0.5")]


@given(positive_money, rates, st.lists(st.integers(0, 23), min_size=1, max_size=40))
def test_shares_of_the_fund_add_up_to_it(collections: Decimal, share: Decimal, days: list[int]) -> None:
    fund = team_fund(TeamPool(rate=share, breakeven=Decimal(1000)), collections=collections)
    parts = share_team_fund(fund, [Decimal(day) for day in days])
    assert sum(part.amount for part in parts) == fund.amount
    assert all(part.amount >= 0 for part in parts)


@given(st.decimals(Decimal(-100), Decimal(1_000_000), places=2))
def test_every_measure_stands_in_exactly_one_tier(measure: Decimal) -> None:
    assert [tier for tier in TIERS if tier.holds(max(measure, Decimal(0)))] == [tier_of(TIERS, measure)]
