"""Charts as values: a page builds one, `{% chart "id" spec %}` draws it and gives the same figures as a table.

Figures are `Decimal` or int here and become floats only on their way into the drawing; the table shows them exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from salesys.shell import formats
from salesys.shell.regional import company_currency

Text = str | Promise
Figure = Decimal | int | None


class Unit(StrEnum):
    """What a figure counts; decides how axis, tooltip and table write it."""

    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"


class Kind(StrEnum):
    """How the drawing script reads the data."""

    PLAN_FACT = "plan_fact"
    BARS = "bars"
    FUNNEL = "funnel"
    WATERFALL = "waterfall"
    DONUT = "donut"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, as long as the chart's labels; None where there is none (a month to come)."""

    name: Text
    values: Sequence[Figure]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What the drawing script gets, and the table beside it."""

    kind: Kind
    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    unit: Unit = Unit.MONEY
    stacked: bool = False
    urls: Sequence[str] = ()
    has_shares: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain values for `json_script`."""
        data = asdict(self)
        data["title"] = str(self.title)
        data["labels"] = [str(label) for label in self.labels]
        data["series"] = [_series_data(series) for series in self.series]
        data["currency"] = formats.SYMBOLS.get(company_currency(), company_currency())
        return data

    def table_headers(self) -> list[str]:
        """Names of the columns: the series."""
        return [str(series.name) for series in self.series]

    def table_rows(self) -> list[tuple[str, list[str], str]]:
        """One row per label: its name, its figures as text, the address that it opens or an empty string."""
        write = _writers()[self.unit]
        urls = [*self.urls, *([""] * len(self.labels))]
        return [
            (str(label), [_cell(series.values[index], write) for series in self.series], urls[index])
            for index, label in enumerate(self.labels)
        ]


def _series_data(series: Series) -> dict[str, Any]:
    values = [None if value is None else float(value) for value in series.values]
    return {"name": str(series.name), "values": values, "tone": series.tone}


def _cell(value: Figure, write: Callable[[Decimal | int], str]) -> str:
    return formats.NOTHING if value is None else write(value)


def _writers() -> dict[Unit, Callable[[Decimal | int], str]]:
    return {
        Unit.MONEY: lambda value: formats.money_text(value, places=0),
        Unit.NUMBER: formats.number_text,
        Unit.PERCENT: lambda value: formats.percent_text(value, 1),
    }


def _running(values: Sequence[Figure]) -> list[Figure]:
    """Running total that ends where the figures end."""
    known = [value for value in values if value is not None]
    totals: list[Figure] = list(accumulate(known))
    return totals + [None] * (len(values) - len(known))


def plan_fact(
    title: Text,
    labels: Sequence[Text],
    *,
    plan: Sequence[Figure],
    fact: Sequence[Figure],
    unit: Unit = Unit.MONEY,
    urls: Sequence[str] = (),
) -> Chart:
    """Running plan and fact with the pace that would still reach the end.

    There is one label per month or day, first to last; `plan` and `fact` hold the figure of each by itself, not yet
    accumulated, and `fact` has None for what is still to come.
    """
    planned, done = _running(plan), _running(fact)
    series = [Series(_("Plan"), planned, "muted"), Series(_("Fact"), done, "accent")]
    pace = _pace(planned, done)
    if pace:
        series.append(Series(_("Pace needed"), pace, "warning"))
    return Chart(Kind.PLAN_FACT, title, labels, series, unit, urls=urls)


def _pace(planned: Sequence[Figure], done: Sequence[Figure]) -> list[Figure]:
    """A straight line from the last fact to the end of the plan; nothing when the plan is reached or over."""
    known = [value for value in done if value is not None]
    left = len(done) - len(known)
    goal = planned[-1] if planned else None
    if goal is None or not known or not left or known[-1] >= goal:
        return []
    step = (Decimal(goal) - Decimal(known[-1])) / left
    line: list[Figure] = [Decimal(known[-1]) + step * count for count in range(left + 1)]
    return [None] * (len(known) - 1) + line


def bars(
    title: Text,
    labels: Sequence[Text],
    series: Sequence[Series],
    *,
    unit: Unit = Unit.MONEY,
    stacked: bool = False,
    urls: Sequence[str] = (),
) -> Chart:
    """Columns side by side, or stacked; `urls` opens the rows behind a label."""
    return Chart(Kind.BARS, title, labels, series, unit, stacked, urls)


def funnel(title: Text, stages: Sequence[tuple[Text, int]], *, urls: Sequence[str] = ()) -> Chart:
    """Stages from the widest to the narrowest with the share that passes each."""
    counts = Series(_("Count"), [count for _label, count in stages], "accent")
    return Chart(Kind.FUNNEL, title, [label for label, _count in stages], [counts], Unit.NUMBER, urls=urls, has_shares=True)


def levels(title: Text, rows: Sequence[tuple[Text, int]], *, urls: Sequence[str] = ()) -> Chart:
    """Counts that stand beside each other, as bars across: nothing passes from one to the next."""
    counts = Series(_("Count"), [count for _label, count in rows], "accent")
    return Chart(Kind.FUNNEL, title, [label for label, _count in rows], [counts], Unit.NUMBER, urls=urls)


def waterfall(title: Text, steps: Sequence[tuple[Text, Decimal]], *, total: Text = "", urls: Sequence[str] = ()) -> Chart:
    """How parts add up: each step starts where the last one ended; `total` names a closing column."""
    labels: list[Text] = [label for label, _amount in steps]
    amounts: list[Figure] = [amount for _label, amount in steps]
    if total:
        labels.append(total)
        amounts.append(sum((amount for _label, amount in steps), Decimal()))
    kind = Series(_("Amount"), amounts, "total" if total else "")
    return Chart(Kind.WATERFALL, title, labels, [kind], Unit.MONEY, urls=urls)


def donut(
    title: Text,
    slices: Sequence[tuple[Text, Figure]],
    *,
    unit: Unit = Unit.MONEY,
    urls: Sequence[str] = (),
) -> Chart:
    """Parts of a whole; keep to six, the rest as one."""
    amounts = Series(_("Amount"), [amount for _label, amount in slices])
    return Chart(Kind.DONUT, title, [label for label, _amount in slices], [amounts], unit, urls=urls)
