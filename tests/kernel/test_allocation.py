from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesys.kernel.allocation import allocate_money, allocate_units
from salesys.kernel.errors import InvalidInput

weights = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=40)
totals = st.integers(min_value=-10_000_000, max_value=10_000_000)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        (100, ["1", "1", "1"], (34, 33, 33)),
        (1, ["1", "1"], (1, 0)),
        (7, ["0", "1", "0"], (0, 7, 0)),
        (10, ["0", "0"], (5, 5)),
        (3, ["0", "0"], (2, 1)),
        (0, ["3", "2"], (0, 0)),
        (-100, ["1", "1", "1"], (-34, -33, -33)),
        (10, ["0.5", "0.25", "0.25"], (5, 3, 2)),
    ],
)
def test_units_go_to_the_largest_remainders(total: int, parts: list[str], expected: tuple[int, ...]) -> None:
    assert allocate_units(total, [Decimal(part) for part in parts]) == expected


@given(totals, weights)
def test_parts_add_up_to_the_whole(total: int, parts: list[Decimal]) -> None:
    assert sum(allocate_units(total, parts)) == total


@given(totals, weights)
def test_no_part_is_further_than_one_unit_from_its_exact_share(total: int, parts: list[Decimal]) -> None:
    whole = sum(parts) or Decimal(len(parts))
    shares = parts if sum(parts) else [Decimal(1)] * len(parts)
    for part, share in zip(allocate_units(total, parts), shares, strict=True):
        assert abs(part - total * share / whole) < Decimal("1.000001")


@given(totals, weights, st.decimals(min_value=Decimal("0.5"), max_value=100, places=2))
def test_only_proportions_of_weights_matter(total: int, parts: list[Decimal], scale: Decimal) -> None:
    assert allocate_units(total, parts) == allocate_units(total, [part * scale for part in parts])


def test_money_is_divided_to_the_kopeck() -> None:
    parts = allocate_money(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)])
    assert parts == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


@pytest.mark.parametrize(
    ("total", "parts", "code"),
    [("1.00", [], "no_weights"), ("1.00", ["1", "-1"], "negative_weight"), ("1.005", ["1"], "too_precise")],
)
def test_what_cannot_be_divided_is_refused(total: str, parts: list[str], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        allocate_money(Decimal(total), [Decimal(part) for part in parts])
    assert [issue.code for issue in caught.value.issues] == [code]
