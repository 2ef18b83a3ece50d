from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.engine.distribution import Branch, after_finished, distribute, gap_below, months_of_goal, split_months
from salesys.kernel.errors import InvalidInput

ONES = (Decimal(1),) * 12
LARGE = st.integers(10**6, 10**11).map(lambda units: Decimal(units) / 100)
MONEY = st.integers(0, 10**11).map(lambda units: Decimal(units) / 100)
WEIGHT = st.one_of(st.just(Decimal(0)), st.decimals(0, 1000, places=6))
POSITIVE = st.decimals("0.01", 1000, places=6)


def weights(part: st.SearchStrategy[Decimal]) -> st.SearchStrategy[tuple[Decimal, ...]]:
    return st.lists(part, min_size=12, max_size=12).map(tuple)


def branch(key: str, *numbers: int, children: tuple[Branch, ...] = ()) -> Branch:
    return Branch(key, tuple(Decimal(number) for number in numbers), children)


def test_months_of_a_goal_follow_the_season_and_sum_to_the_goal() -> None:
    season = tuple(Decimal(number) for number in (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2))
    months = months_of_goal(Decimal("1000.00"), season)
    assert months[:12:11] == (Decimal("76.93"), Decimal("153.85"))
    assert sum(months) == Decimal("1000.00")


@pytest.mark.parametrize(
    ("goal", "season", "code"),
    [
        (Decimal("0.00"), ONES, "goal_not_positive"),
        (Decimal("-1.00"), ONES, "goal_not_positive"),
        (Decimal("1.00"), ONES[:11], "months_missing"),
        (Decimal("1.00"), (Decimal(0),) * 12, "no_season"),
        (Decimal("1.00"), (*ONES[:11], Decimal(-1)), "negative_weight"),
        (Decimal("1.001"), ONES, "too_precise"),
    ],
)
def test_a_goal_that_cannot_be_divided_is_refused(goal: Decimal, season: tuple[Decimal, ...], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        months_of_goal(goal, season)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_months_that_are_over_keep_what_they_had() -> None:
    months = months_of_goal(Decimal("100.00"), ONES, finished=[Decimal("30.00"), Decimal("25.00")])
    assert months == (Decimal("30.00"), Decimal("25.00"), *[Decimal("4.50")] * 10)
    assert months_of_goal(Decimal("55.00"), ONES, finished=[Decimal("30.00"), Decimal("25.00")])[1:] == (
        Decimal("25.00"),
        *[Decimal("0.00")] * 10,
    )
    with pytest.raises(InvalidInput) as caught:
        months_of_goal(Decimal("54.99"), ONES, finished=[Decimal("30.00"), Decimal("25.00")])
    assert caught.value.issues[0].code == "goal_below_finished"


def test_parts_stand_with_what_they_had_before_what_they_get() -> None:
    north = branch("north", 1, children=(branch("anna", 0), branch("boris", 1)))
    parts = distribute(branch("company", children=(north,)), (Decimal("5.00"),))
    found = {
        part.key: part.amounts
        for part in after_finished({"anna": (Decimal("2.00"),), "boris": (Decimal("1.00"),)}, parts, count=1)
    }
    assert found == {
        "company": (Decimal("3.00"), Decimal("5.00")),
        "north": (Decimal("3.00"), Decimal("5.00")),
        "anna": (Decimal("2.00"), Decimal("0.00")),
        "boris": (Decimal("1.00"), Decimal("5.00")),
    }
    assert after_finished({}, parts, count=0) == parts
    assert [part.amounts[0] for part in after_finished({}, parts, count=1)] == [Decimal("0.00")] * len(parts)


def test_a_tree_is_divided_exactly() -> None:
    top = branch(
        "company",
        children=(
            branch("north", 2, 1, children=(branch("anna", 1, 1), branch("boris", 1, 3))),
            branch("south", 1, 1, children=(branch("clara", 1, 1),)),
        ),
    )
    found = {part.key: (part.parent, part.amounts) for part in distribute(top, (Decimal("100.00"), Decimal("50.01")))}
    assert found == {
        "company": (None, (Decimal("100.00"), Decimal("50.01"))),
        "north": ("company", (Decimal("66.67"), Decimal("25.00"))),
        "anna": ("north", (Decimal("33.34"), Decimal("6.25"))),
        "boris": ("north", (Decimal("33.33"), Decimal("18.75"))),
        "south": ("company", (Decimal("33.33"), Decimal("25.01"))),
        "clara": ("south", (Decimal("33.33"), Decimal("25.01"))),
    }


def test_the_spare_kopeck_goes_round() -> None:
    rows = split_months([Decimal("0.01")] * 3, [ONES[:3]] * 3)
    assert rows == (
        (Decimal("0.01"), Decimal("0.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("0.01"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("0.00"), Decimal("0.01")),
    )


def test_a_month_without_any_weight_is_divided_equally() -> None:
    rows = split_months([Decimal("1.00"), Decimal("1.00")], [(Decimal(1), Decimal(0)), (Decimal(0), Decimal(0))])
    assert rows == ((Decimal("1.00"), Decimal("0.50")), (Decimal("0.00"), Decimal("0.50")))


def test_a_debt_of_those_who_left_falls_to_those_who_stay() -> None:
    """In the second month only the second part has a weight, and it has had its share of it already."""
    weights_by_part = [(Decimal(1), Decimal(0)), (Decimal(1), Decimal(1)), (Decimal(1), Decimal(0))]
    rows = split_months([Decimal("0.02"), Decimal("0.00"), Decimal("0.00")][:2], weights_by_part)
    assert [sum(column) for column in zip(*rows, strict=True)] == [Decimal("0.02"), Decimal("0.00")]
    owed = [(Decimal(2), Decimal(0)), (Decimal(2), Decimal(0)), (Decimal(1), Decimal(1))]
    rows = split_months([Decimal("0.03"), Decimal("0.01")], owed)
    assert rows[2] == (Decimal("0.01"), Decimal("0.01"))


def test_a_year_is_the_sum_of_its_months() -> None:
    (only,) = distribute(branch("company"), (Decimal("1.10"), Decimal("2.20")))
    assert only.year == Decimal("3.30")


@pytest.mark.parametrize(
    ("parts", "code"),
    [([], "no_weights"), ([ONES[:2]], "months_missing"), ([(Decimal(1), Decimal(1), Decimal(-1))], "negative_weight")],
)
def test_weights_that_do_not_fit_are_refused(parts: list[tuple[Decimal, ...]], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        split_months([Decimal("1.00")] * 3, parts)
    assert caught.value.issues[0].code == code


@given(st.lists(MONEY, min_size=12, max_size=12), st.lists(weights(WEIGHT), min_size=1, max_size=8))
@settings(max_examples=50)
def test_each_month_adds_up_and_nobody_gets_less_than_nothing(amounts: list[Decimal], parts: list[tuple[Decimal, ...]]) -> None:
    rows = split_months(amounts, parts)
    assert [sum(column) for column in zip(*rows, strict=True)] == amounts
    assert min(min(row) for row in rows) >= 0
    for month in range(12):
        if any(part[month] for part in parts):
            assert all(row[month] == 0 for row, part in zip(rows, parts, strict=True) if not part[month])


@given(st.lists(LARGE, min_size=12, max_size=12), st.lists(POSITIVE, min_size=1, max_size=8))
@settings(max_examples=50)
def test_a_part_is_never_a_kopeck_away_from_its_exact_share(amounts: list[Decimal], parts: list[Decimal]) -> None:
    rows = split_months(amounts, [(part,) * 12 for part in parts])
    for row, part in zip(rows, parts, strict=True):
        for end in range(1, 13):
            exact = Fraction(sum(amounts[:end])) * Fraction(part) / Fraction(sum(parts))
            assert abs(Fraction(sum(row[:end])) - exact) < Fraction(1, 100)


@given(st.lists(MONEY, min_size=12, max_size=12), st.lists(weights(WEIGHT), min_size=1, max_size=6), st.randoms())
@settings(max_examples=30)
def test_the_order_of_children_does_not_matter(amounts: list[Decimal], parts: list[tuple[Decimal, ...]], random: object) -> None:
    children = [Branch(f"seller {index}", part) for index, part in enumerate(parts)]
    shuffled = list(children)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert distribute(Branch("top", (), tuple(children)), amounts) == distribute(Branch("top", (), tuple(shuffled)), amounts)


@given(MONEY.filter(bool), weights(POSITIVE), st.lists(st.lists(weights(WEIGHT), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=30)
def test_sellers_sum_to_the_goal_in_each_month(
    goal: Decimal, season: tuple[Decimal, ...], teams: list[list[tuple[Decimal, ...]]]
) -> None:
    months = months_of_goal(goal, season)
    directions = tuple(
        Branch(f"d{number}", team[0], tuple(Branch(f"d{number}s{index}", part) for index, part in enumerate(team)))
        for number, team in enumerate(teams)
    )
    found = distribute(Branch("company", (), directions), months)
    sellers = [part.amounts for part in found if part.parent not in (None, "company")]
    heads = [part.amounts for part in found if part.parent == "company"]
    assert tuple(sum(column) for column in zip(*sellers, strict=True)) == months
    assert tuple(sum(column) for column in zip(*heads, strict=True)) == months
    assert sum(part.year for part in found if part.parent == "company") == goal
    assert gap_below(months, heads) == (Decimal(0),) * 12


def test_a_gap_below_a_parent_is_shown_with_its_sign() -> None:
    assert gap_below(
        [Decimal("10.00"), Decimal("10.00")], [(Decimal("4.00"), Decimal("8.00")), (Decimal("5.00"), Decimal("3.00"))]
    ) == (
        Decimal("1.00"),
        Decimal("-1.00"),
    )
