from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compensation.engine.margin import margin_of


@pytest.mark.parametrize(
    ("net", "cost", "contract", "cost_rate", "expected"),
    [
        ("100000", None, None, "0", "100000"),
        ("100000", None, None, "0.4", "60000.00"),
        ("100000", None, "200000", "0.4", "60000.00"),
        ("50000", "80000", "100000", "0.4", "10000.00"),
        ("-50000", "80000", "100000", "0.4", "-10000.00"),
        ("50000", "120000", "100000", "0.4", "-10000.00"),
        ("50000", "0", "100000", "0.4", "50000.00"),
        ("50000", "80000", "0", "0.4", "30000.00"),
        ("50000", "80000", None, "0.4", "30000.00"),
        ("0.01", None, None, "0.5", "0.00"),
    ],
)
def test_explicit_cost_goes_before_the_cost_rate(
    net: str, cost: str | None, contract: str | None, cost_rate: str, expected: str
) -> None:
    result = margin_of(
        Decimal(net),
        direct_cost=None if cost is None else Decimal(cost),
        contract_amount=None if contract is None else Decimal(contract),
        cost_rate=Decimal(cost_rate),
    )
    assert result == Decimal(expected)


@given(st.decimals(Decimal("-1e9"), Decimal("1e9"), places=2), st.decimals(Decimal(0), Decimal(1), places=6))
def test_a_refund_has_the_mirror_image_of_the_margin(net: Decimal, cost_rate: Decimal) -> None:
    there = margin_of(net, direct_cost=None, contract_amount=None, cost_rate=cost_rate)
    back = margin_of(-net, direct_cost=None, contract_amount=None, cost_rate=cost_rate)
    assert there == -back
