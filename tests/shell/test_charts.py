"""Charts carry exact figures into their table, and plain ones into the drawing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salesys.shell import charts
from salesys.shell.charts import Chart, Kind, Series, Unit
from salesys.shell.regional import currency_in_use


def values(chart: Chart, index: int = 0) -> list[object]:
    return list(chart.series[index].values)


def test_plan_and_fact_run_on_and_the_pace_reaches_the_plan() -> None:
    chart = charts.plan_fact("Year", ["1", "2", "3"], plan=[Decimal(10)] * 3, fact=[Decimal(4), None, None])

    assert values(chart, 0) == [10, 20, 30]
    assert values(chart, 1) == [4, None, None]
    assert values(chart, 2) == [4, 17, 30]


@pytest.mark.parametrize("fact", [[Decimal(30), None, None], [Decimal(1), Decimal(1), Decimal(1)], [None, None, None]])
def test_no_pace_is_drawn_where_none_is_needed_or_possible(fact: list[Decimal | None]) -> None:
    chart = charts.plan_fact("Year", ["1", "2", "3"], plan=[Decimal(10)] * 3, fact=fact)

    assert [series.tone for series in chart.series] == ["muted", "accent"]


def test_waterfall_ends_in_the_sum_of_its_steps() -> None:
    chart = charts.waterfall("Pay", [("Salary", Decimal("100.10")), ("Refund", Decimal("-0.30"))], total="Total")

    assert (list(chart.labels), values(chart)) == (
        ["Salary", "Refund", "Total"],
        [Decimal("100.10"), Decimal("-0.30"), Decimal("99.80")],
    )
    assert charts.waterfall("Pay", [("Salary", Decimal(1))]).series[0].tone == ""


def test_funnel_shows_shares_and_levels_do_not() -> None:
    stages = [("Dials", 10), ("Deals", 1)]

    assert charts.funnel("Funnel", stages).has_shares
    assert not charts.levels("Stages", stages).has_shares


def test_table_writes_each_unit_and_names_what_is_missing() -> None:
    money = charts.donut("Parts", [("A", Decimal("1234.5")), ("B", None)], urls=["/a/"])
    shares = charts.bars("Rates", ["A"], [Series("Rate", [Decimal("0.125")])], unit=Unit.PERCENT)

    assert money.table_rows() == [("A", ["₽1,235"], "/a/"), ("B", ["—"], "")]
    assert shares.table_rows() == [("A", ["12.5\N{NO-BREAK SPACE}%"], "")]
    assert money.table_headers() == ["Amount"]


def test_data_for_the_drawing_is_plain_and_knows_the_currency() -> None:
    with currency_in_use("EUR"):
        data = charts.bars("Calls", ["A"], [Series("Dials", [5], "accent")], stacked=True).as_data()

    assert data["kind"] == Kind.BARS
    assert data["series"] == [{"name": "Dials", "values": [5.0], "tone": "accent"}]
    assert (data["currency"], data["stacked"]) == ("€", True)
