"""What the lists of money are narrowed by: read from the address, nonsense is ignored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from pipeline.deals.whose import Whose, whose_of
from pipeline.money.models import Contract, Payment
from pipeline.money.queries import age_conditions, client_in_sight, owed_contracts
from salesys.db.scope import viewer_for
from salesys.db.search import name_contains
from salesys.kernel.errors import InvalidInput
from salesys.kernel.numbers import whole_number
from salesys.kernel.periods import Month

MONTHS_OFFERED = 25
ALL = "all"
LOSING = "losing"
"""Contracts whose direct cost is above their price."""

OFFERED_CONTRACTS = 50


@dataclass(frozen=True, slots=True)
class ListChoice:
    """What the address asks for; `month` is None for all months, `since` and `until` are days, both included."""

    text: str
    month: Month | None
    direction: int | None
    kind: str
    whose: Whose
    since: date | None = None
    until: date | None = None

    @property
    def month_value(self) -> str:
        """As in the select."""
        return str(self.month) if self.month else ALL

    @property
    def is_narrow(self) -> bool:
        """Whether it is narrow enough for sums; over all years they are nobody's question."""
        return self.month is not None or self.since is not None or bool(self.text)


def choice_of(request: HttpRequest, today: date, *, all_months: bool = False) -> ListChoice:
    """The current month where neither a month nor days are asked for."""
    since, until = _day(request, "since"), _day(request, "until")
    asked = request.GET.get("month", ALL if all_months or since or until else str(Month.of(today)))
    return ListChoice(
        text=request.GET.get("q", "").strip().replace("\x00", "")[:100],
        month=_month(asked, today),
        direction=whole_number(request.GET.get("direction", "")),
        kind=request.GET.get("kind", ""),
        whose=whose_of(request, viewer_for(request.user)),
        since=since,
        until=until,
    )


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _month(text: str, today: date) -> Month | None:
    if text == ALL:
        return None
    try:
        return Month.parse(text)
    except InvalidInput:
        return Month.of(today)


def months_offered(today: date) -> list[date]:
    """First days of this month and those before it, the newest first."""
    return [Month.of(today).plus(-back).first for back in range(MONTHS_OFFERED)]


def _search(text: str, *direct: str) -> Q:
    found = name_contains(text, prefix="company__")
    for name in direct:
        found |= Q(**{name: text})
    return found


def _dates(field: str, choice: ListChoice) -> dict[str, date]:
    """Lookups of the month and of the days."""
    found: dict[str, date] = {}
    if choice.since is not None:
        found[f"{field}__gte"] = choice.since
    if choice.until is not None:
        found[f"{field}__lte"] = choice.until
    if choice.month is not None:
        found[f"{field}__gte"] = max(choice.month.first, choice.since or choice.month.first)
        found[f"{field}__lt"] = choice.month.plus(1).first
    return found


def narrowed_payments(rows: QuerySet[Payment], choice: ListChoice, viewer: object) -> QuerySet[Payment]:
    """Payments of some days, sellers of the contract, direction and kind, by the client's name, a number or a reference.

    Args:
        rows: Within the viewer's scope.
        choice: What is asked for.
        viewer: Who looks; references are searched only where the client is in sight, too.
    """
    if choice.text:
        by_reference = Q(client_in_sight(viewer), reference=choice.text)
        rows = rows.filter(_search(choice.text, "contract__number") | by_reference)
    rows = rows.filter(**_dates("paid_on", choice))
    if choice.whose.employees is not None:
        rows = rows.filter(contract__seller_id__in=choice.whose.employees)
    if choice.direction is not None:
        rows = rows.filter(company__direction_id=choice.direction)
    kinds: dict[str, dict[str, Any]] = {"refunds": {"amount__lt": 0}, "payments": {"amount__gt": 0}}
    return rows.filter(**kinds.get(choice.kind, {}))


def offered_contracts(rows: QuerySet[Contract], text: str) -> QuerySet[Contract]:
    """Contracts to choose from as one types their number or the client's name; without a text what is longest due."""
    wanted = Q(number__startswith=text) | name_contains(text, prefix="company__")
    found = rows.filter(wanted).order_by("-signed_on", "-pk") if text else owed_contracts(rows)
    return found.select_related("company")[:OFFERED_CONTRACTS]


def narrowed_contracts(rows: QuerySet[Contract], choice: ListChoice, today: date) -> QuerySet[Contract]:
    """Contracts signed on some days, by some sellers, in a direction.

    `kind` is `unpaid`, `paid`, `losing` or an age class of what is owed.
    """
    if choice.text:
        rows = rows.filter(_search(choice.text, "number"))
    rows = rows.filter(**_dates("signed_on", choice))
    if choice.whose.employees is not None:
        rows = rows.filter(seller_id__in=choice.whose.employees)
    if choice.direction is not None:
        rows = rows.filter(company__direction_id=choice.direction)
    ages = age_conditions(today)
    if choice.kind == "later":
        return rows.filter(Q(**ages["later"]) | Q(due_on=None))
    if choice.kind in ages:
        return rows.filter(**ages[choice.kind])
    states = {
        "unpaid": {"amount__gt": F("paid_amount")},
        "paid": {"amount__lte": F("paid_amount")},
        LOSING: {"direct_cost__gt": F("amount")},
    }
    return rows.filter(**states.get(choice.kind, {}))
