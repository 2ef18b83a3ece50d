from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.engine.activities import STEPS, Activity, Step
from planning.engine.funnel import MonthMoney, Yield, deals_to_win, due_by, needs, yields
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month, months_of_year

YEAR = months_of_year(2026)
JANUARY = Month(2026, 1)
DEALS = st.lists(st.decimals(0, 50, places=9), min_size=12, max_size=12)


def money(target: str, expected: str = "0.00", pipeline: str = "0.00") -> MonthMoney:
    return MonthMoney(JANUARY, Decimal(target), Decimal(expected), Decimal(pipeline))


@pytest.mark.parametrize(
    ("month", "gap"),
    [
        (money("100.00", "30.00", "20.00"), "50.00"),
        (money("100.00", "60.00", "39.99"), "0.01"),
        (money("100.00", "60.00", "40.00"), "0.00"),
        (money("100.00", "60.00", "40.01"), "0.00"),
        (money("100.00", "-10.00"), "110.00"),
    ],
)
def test_a_gap_is_what_nothing_yet_on_its_way_brings(month: MonthMoney, gap: str) -> None:
    assert month.gap == Decimal(gap)


def test_deals_are_the_gap_by_the_average_payment() -> None:
    assert deals_to_win([money("100.00", "30.00", "20.00"), money("10.00", "20.00")], payment_per_deal=Decimal("30.00")) == (
        Decimal("1.666666667"),
        Decimal(0),
    )


@pytest.mark.parametrize("average", [Decimal(0), Decimal(-1)])
def test_deals_that_bring_nothing_are_refused(average: Decimal) -> None:
    with pytest.raises(InvalidInput, match="payment_per_deal"):
        deals_to_win([money("1.00")], payment_per_deal=average)


def test_yields_multiply_up_the_stages() -> None:
    found = {step.activity: (step.per_deal, step.lead_days) for step in yields(payment_lag_days=14)}
    assert found == {
        Activity.DEALS: (Decimal(1), 14),
        Activity.PROPOSALS: (Decimal("3.333333333"), 35),
        Activity.MEETINGS: (Decimal("5.555555555"), 42),
        Activity.WARM_CONTACTS: (Decimal("11.111111110"), 49),
        Activity.CONVERSATIONS: (Decimal("92.592592583"), 50),
        Activity.DIALS: (Decimal("264.550264523"), 50),
        Activity.LETTERS: (Decimal("23.148148146"), 52),
        Activity.RESEARCH_CARDS: (Decimal("105.820105809"), 52),
    }


def test_what_comes_by_itself_needs_no_work_of_this_kind() -> None:
    steps = [
        Step(step.activity, step.serves, step.rate, step.lead_days, Decimal("0.25"))
        if step.activity == Activity.WARM_CONTACTS
        else step
        for step in STEPS
    ]
    whole = {step.activity: step.per_deal for step in yields(payment_lag_days=14)}
    found = {step.activity: step.per_deal for step in yields(steps, payment_lag_days=14)}
    below = {Activity.WARM_CONTACTS, Activity.CONVERSATIONS, Activity.DIALS, Activity.LETTERS, Activity.RESEARCH_CARDS}
    for activity, per_deal in whole.items():
        assert abs(found[activity] - per_deal * (Decimal("0.25") if activity in below else 1)) < Decimal("0.0000001"), activity


@pytest.mark.parametrize("share", ["0", "-0.5", "1.01"])
def test_a_share_that_is_none_is_refused(share: str) -> None:
    steps = [Step(Activity.PROPOSALS, Activity.DEALS, Decimal(1), 1, Decimal(share))]
    with pytest.raises(InvalidInput) as caught:
        yields(steps, payment_lag_days=1)
    assert caught.value.issues[0].code == "share_out_of_range"


@pytest.mark.parametrize(
    ("rate", "days", "lag", "code"),
    [
        ("0", 1, 1, "rate_not_positive"),
        ("-1", 1, 1, "rate_not_positive"),
        ("1", -1, 1, "negative_days"),
        ("1", 1, -1, "negative_days"),
    ],
)
def test_steps_that_cannot_be_are_refused(rate: str, days: int, lag: int, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        yields([Step(Activity.PROPOSALS, Activity.DEALS, Decimal(rate), days)], payment_lag_days=lag)
    assert caught.value.issues[0].code == code


@pytest.mark.parametrize(
    ("on", "deals"),
    [
        (date(2025, 12, 31), "0"),
        (date(2026, 1, 1), "0.1"),
        (date(2026, 1, 31), "3.1"),
        (date(2026, 2, 14), "4.5"),
        (date(2026, 2, 28), "5.9"),
        (date(2027, 5, 1), "5.9"),
    ],
)
def test_deals_of_a_month_are_due_evenly_over_its_days(on: date, deals: str) -> None:
    assert due_by(on, JANUARY, [Decimal("3.1"), Decimal("2.8")]) == Decimal(deals)


def test_work_moves_earlier_by_its_lead_days() -> None:
    """Ten days before: the work of January serves 11 January to 10 February, that of February the rest."""
    found = needs(JANUARY, [Decimal(31), Decimal(28)], [Yield(Activity.MEETINGS, Decimal(2), 10)], work_months=YEAR[:2])
    assert [(need.month, need.amount, need.exact) for need in found] == [(YEAR[0], 62, Decimal(82)), (YEAR[1], 36, Decimal(118))]


def test_a_year_is_rounded_up_once() -> None:
    """0.3 deals a month are four deals a year, not twelve."""
    found = needs(JANUARY, [Decimal("0.3")] * 12, [Yield(Activity.DEALS, Decimal(1), 0)], work_months=YEAR)
    assert [need.amount for need in found] == [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0]


def test_the_last_weeks_serve_the_next_year() -> None:
    step = Yield(Activity.MEETINGS, Decimal(1), 31)
    assert needs(JANUARY, [Decimal(1)] * 12, [step], work_months=YEAR)[-1].amount == 0
    assert needs(JANUARY, [Decimal(1)] * 13, [step], work_months=YEAR)[-1].amount == 1


def test_what_can_no_longer_be_in_time_is_not_asked_for() -> None:
    deals = [Decimal(2)] * 12
    found = needs(JANUARY, deals, [Yield(Activity.DEALS, Decimal(1), 0)], work_months=YEAR[6:])
    assert [need.amount for need in found] == [2] * 6
    # 31 days ahead, the work of January serves 1 February to 3 March: 31 x (2 + 2 x 3 / 31)
    found = needs(JANUARY, deals, [Yield(Activity.DIALS, Decimal(31), 31)], work_months=YEAR[:1])
    assert [need.amount for need in found] == [68]


def test_a_rounding_trace_asks_for_no_work() -> None:
    (need,) = needs(JANUARY, [Decimal("3.000000001")], [Yield(Activity.DEALS, Decimal(1), 0)], work_months=YEAR[:1])
    assert need.amount == 3


@given(DEALS, st.integers(0, 200))
def test_work_is_what_is_due_rounded_up_by_less_than_one(deals: list[Decimal], lead_days: int) -> None:
    step = Yield(Activity.DIALS, Decimal("12.345678901"), lead_days)
    amounts = [need.amount for need in needs(JANUARY, deals, [step], work_months=YEAR)]
    served = [
        due_by(date.fromordinal(day.toordinal() + lead_days), JANUARY, deals) for day in (date(2025, 12, 31), date(2026, 12, 31))
    ]
    assert min(amounts) >= 0
    assert -1 < sum(amounts) - (served[1] - served[0]) * step.per_deal < 1


@given(DEALS, st.integers(0, 11), st.decimals(0, 5, places=9))
def test_more_deals_never_ask_for_less_work(deals: list[Decimal], index: int, more: Decimal) -> None:
    raised = [*deals[:index], deals[index] + more, *deals[index + 1 :]]
    steps = yields(STEPS, payment_lag_days=14)
    before, after = needs(JANUARY, deals, steps, work_months=YEAR), needs(JANUARY, raised, steps, work_months=YEAR)
    assert all(new.exact >= old.exact for new, old in zip(after, before, strict=True))


@given(DEALS, st.integers(0, 120), st.integers(1, 60))
def test_longer_lead_never_makes_work_later(deals: list[Decimal], lead_days: int, longer: int) -> None:
    before = needs(JANUARY, deals, [Yield(Activity.DIALS, Decimal(7), lead_days)], work_months=YEAR)
    after = needs(JANUARY, deals, [Yield(Activity.DIALS, Decimal(7), lead_days + longer)], work_months=YEAR)
    assert all(new.exact >= old.exact for new, old in zip(after, before, strict=True))
