"""What was collected, what is owed, and how a payment came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connections, router
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from pipeline.calling.models import Call
from pipeline.clients.models import Company
from pipeline.deals.models import Deal
from pipeline.money.models import Contract, Payment
from pipeline.tasks.models import ResearchCard
from salesys.kernel.money import ZERO
from salesys.kernel.periods import DateSpan, Month

SQL = Path(__file__).parent / "sql"
USUAL_DAYS_TO_PAY = 30
CALLS_SHOWN = 20
DUE_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Collected:
    """Money of one month, direction and employee: without VAT, refunds taken off, in the company's currency."""

    month: Month
    direction_id: int | None
    employee_id: int | None
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a list: with VAT nothing can be summed across currencies, so these are without it, in the company's."""

    count: int
    received: Decimal
    refunded: Decimal

    @property
    def net(self) -> Decimal:
        """What is left after refunds."""
        return self.received + self.refunded


@dataclass(frozen=True, slots=True)
class Owed:
    """Contracts that are not paid whole, in one age class; `amount` without VAT."""

    code: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Signed:
    """Contracts of a list: how many, for how much, and what of it is paid, without VAT."""

    count: int
    amount: Decimal
    paid: Decimal

    @property
    def owed(self) -> Decimal:
        """What is still to come; what was paid beyond one contract makes up for another."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Losses:
    """Contracts that cost more than they bring: how many, and what they lose together, without VAT."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Trail:
    """What stands before a payment, as far as the viewer may see it.

    `opens_company`, `opens_contract` and `opens_payments` say whether the client, the contract and its payments have a page
    for the viewer.
    """

    contract: Contract
    opens_company: bool
    opens_contract: bool
    opens_payments: bool
    deal: Deal | None
    calls: Sequence[Call]
    calls_total: int
    cards: Sequence[ResearchCard]


def collections(span: DateSpan) -> tuple[Collected, ...]:
    """Payments in `span` by month, direction and employee; 1 SQL statement.

    A payment is the employee's who is the seller of its contract, and of the direction of the client, else of the direction in
    which that seller stood on the day. Each payment is counted once, so the rows sum to everything collected.

    Args:
        span: Dates of payment, `[start, end)`, with an end.

    Returns:
        One row per month, direction and employee with a payment, in that order, None last.
    """
    rows = _rows("collections", {"start": span.start, "end": span.end or date.max})
    return tuple(Collected(Month.of(month), *rest) for month, *rest in rows)


def collected_by_month(span: DateSpan) -> dict[Month, Decimal]:
    """The company's collections by month, without VAT; 1 SQL statement."""
    by_month: dict[Month, Decimal] = {}
    for row in collections(span):
        by_month[row.month] = by_month.get(row.month, ZERO) + row.amount
    return by_month


def first_payments() -> dict[int, date]:
    """The day of each client's first payment, by company; 1 SQL statement. From it on, a client is new for a while."""
    return dict(_rows("first_payments", {}))


def expected_payments(first: Month, last: Month) -> tuple[Collected, ...]:
    """What existing contracts should still bring, by month in which it falls due; 1 SQL statement.

    Args:
        first: What is overdue is expected in this month.
        last: Included; what falls due later is left out.

    Returns:
        One row per month, direction of the client and seller of the contract; `count` counts contracts.
    """
    parameters = {"first": first.first, "last": last.first, "usual_days": USUAL_DAYS_TO_PAY}
    return tuple(Collected(Month.of(month), *rest) for month, *rest in _rows("expected_payments", parameters))


def _rows(name: str, parameters: dict[str, Any]) -> list[Any]:
    with connections[router.db_for_read(Payment)].cursor() as cursor:
        cursor.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"), parameters)
        found: list[Any] = cursor.fetchall()
    return found


def totals_of(payments: QuerySet[Payment]) -> Totals:
    """Count and sums of a list of payments; 1 SQL statement."""
    found = payments.order_by().aggregate(
        count=Count("pk"),
        received=Sum("amount_without_vat", filter=Q(amount__gt=0)),
        refunded=Sum("amount_without_vat", filter=Q(amount__lt=0)),
    )
    return Totals(found["count"], found["received"] or ZERO, found["refunded"] or ZERO)


def client_in_sight(viewer: object) -> Exists:
    """Whether the viewer sees the client of a payment and not only the payment, for the sake of an own contract (ADR 54)."""
    return Exists(Company.objects.visible_to(viewer).filter(pk=OuterRef("company_id")).order_by())


def signed_of(contracts: QuerySet[Contract]) -> Signed:
    """Count and sums of a list of contracts; 1 SQL statement."""
    found = contracts.order_by().aggregate(count=Count("pk"), amount=Sum("amount"), paid=Sum("paid_amount"))
    return Signed(found["count"], found["amount"] or ZERO, found["paid"] or ZERO)


def losses_of(contracts: QuerySet[Contract]) -> Losses:
    """What the contracts of a list whose direct cost is above their price lose together; 1 SQL statement."""
    rows = contracts.order_by().filter(direct_cost__gt=F("amount"))
    found = rows.aggregate(count=Count("pk"), amount=Sum(F("direct_cost") - F("amount")))
    return Losses(found["count"], found["amount"] or ZERO)


def left_of(payment: Payment) -> Decimal:
    """What of a payment has not gone back, with VAT, in its currency; 1 SQL statement."""
    gone: Decimal = Payment.all_rows.filter(refund_of=payment).aggregate(total=Sum("amount"))["total"] or ZERO
    left: Decimal = payment.amount + gone
    return left


def owed_contracts(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Those that are not paid whole, what is due first at the top; the partial index `contract_unpaid` serves it."""
    return contracts.filter(amount__gt=F("paid_amount")).order_by(F("due_on").asc(nulls_last=True), "pk")


def owed_by_age(contracts: QuerySet[Contract], today: date) -> tuple[Owed, ...]:
    """What is owed by how long it has been due; 1 SQL statement.

    Returns:
        `overdue_90` (more than 90 days), `overdue_30`, `overdue` (up to 30 days), `soon` (within a week), `later`; always all
        five, in this order.
    """
    bounds = {name: Q(**condition) for name, condition in age_conditions(today).items()}
    found = (
        owed_contracts(contracts)
        .order_by()
        .aggregate(
            **{f"{name}_count": Count("pk", filter=rule) for name, rule in bounds.items()},
            **{f"{name}_amount": Sum(F("amount") - F("paid_amount"), filter=rule) for name, rule in bounds.items()},
        )
    )
    rows = [Owed(name, found[f"{name}_count"], found[f"{name}_amount"] or ZERO) for name in bounds]
    undated = owed_contracts(contracts).filter(due_on=None).order_by()
    extra = undated.aggregate(count=Count("pk"), amount=Sum(F("amount") - F("paid_amount")))
    later = rows[-1]
    return (*rows[:-1], Owed(later.code, later.count + extra["count"], later.amount + (extra["amount"] or ZERO)))


def age_conditions(today: date) -> dict[str, dict[str, date]]:
    """Age class -> lookups on the day on which a contract is due."""
    month, quarter, week = (timedelta(days=days) for days in (30, 90, DUE_SOON_DAYS))
    return {
        "overdue_90": {"due_on__lt": today - quarter},
        "overdue_30": {"due_on__gte": today - quarter, "due_on__lt": today - month},
        "overdue": {"due_on__gte": today - month, "due_on__lt": today},
        "soon": {"due_on__gte": today, "due_on__lte": today + week},
        "later": {"due_on__gt": today + week},
    }


def trail_of(contract: Contract, viewer: object) -> Trail:
    """The deal behind a contract, its calls and the research before them, each only as the viewer may see it; 7 SQL statements.

    Calls of the deal come first; a deal without calls of its own shows the client's calls up to the day of signing.
    """
    deal = Deal.objects.visible_to(viewer).select_related("seller", "warmed_by", "stage").filter(pk=contract.deal_id or 0).first()
    seen = Call.objects.visible_to(viewer).select_related("employee", "contact")
    calls = seen.filter(company_id=contract.company_id, called_on__lte=contract.signed_on)
    of_deal = calls.filter(deal_id=contract.deal_id) if contract.deal_id else calls.none()
    chosen = of_deal if of_deal.exists() else calls
    cards = ResearchCard.objects.visible_to(viewer).select_related("author", "task").filter(company_id=contract.company_id)
    return Trail(
        contract,
        Company.objects.visible_to(viewer).filter(pk=contract.company_id).exists(),
        Contract.objects.visible_to(viewer).filter(pk=contract.pk).exists(),
        Payment.objects.visible_to(viewer).filter(contract=contract).exists(),
        deal,
        list(chosen.order_by("-called_on", "-pk")[:CALLS_SHOWN]),
        chosen.order_by().count(),
        list(cards.filter(prepared_on__lte=contract.signed_on).order_by("-prepared_on", "-pk")[:5]),
    )
