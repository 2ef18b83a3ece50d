"""What pages across the houses read: rows of companies with their holders, and everything that happened with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from pipeline.calling.models import Call
from pipeline.clients.models import Company, Relationship
from pipeline.deals.models import Deal, StageChange
from pipeline.money.models import Contract, Payment
from pipeline.money.queries import owed_contracts
from pipeline.tasks.models import ResearchCard, Task
from salesys.db.organisation import company_time_zone
from salesys.db.scope import Viewer
from salesys.db.search import name_contains
from salesys.kernel.money import ZERO

TRAIL = 30
CARDS = 20


@dataclass(frozen=True, slots=True)
class CompanyFilter:
    """What a list of companies is narrowed by; None and empty mean not at all."""

    text: str = ""
    industry_id: int | None = None
    direction_id: int | None = None
    holder_id: int | None = None
    city: str = ""
    quiet_days: int | None = None


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company in a list: who holds it, when it was last called, how many deals are open and what is next."""

    pk: int
    name: str
    city: str
    industry: str
    direction: str
    holders: tuple[str, ...]
    last_call_on: date | None
    open_deals: int
    next_step: str
    next_step_on: date | None


def companies(viewer: Viewer, wanted: CompanyFilter, today: date) -> Any:
    """Companies that the viewer sees, narrowed; a queryset to be cut by `keyset_slice`."""
    rows = Company.objects.visible_to(viewer)
    if wanted.text:
        rows = rows.filter(name_contains(wanted.text))
    if wanted.industry_id:
        rows = rows.filter(industry_id=wanted.industry_id)
    if wanted.direction_id:
        rows = rows.filter(direction_id=wanted.direction_id)
    if wanted.holder_id:
        held = Relationship.all_rows.filter(employee_id=wanted.holder_id, kind__in=Relationship.HOLDING, valid__contains=today)
        rows = rows.filter(pk__in=held.values("company_id"))
    if wanted.city:
        rows = rows.filter(city__iexact=wanted.city)
    if wanted.quiet_days:
        since = today - timedelta(days=min(wanted.quiet_days, 3650))
        rows = rows.filter(~Exists(Call.all_rows.filter(company_id=OuterRef("pk"), called_on__gt=since)))
    return rows.select_related("industry", "direction").defer("name_trigrams")


def company_rows(found: Iterable[Company], viewer: Viewer, today: date) -> list[CompanyRow]:
    """The rows of one page, in its order; 3 SQL statements however many."""
    rows = list(found)
    ids = [row.pk for row in rows]
    holders = _holders(ids, today)
    called = _last_calls(ids) if viewer.reach("calls") != "none" else {}
    deals = _open_deals(ids, viewer)
    return [
        CompanyRow(
            row.pk,
            row.name,
            row.city,
            row.industry.name if row.industry else "",
            row.direction.name if row.direction else "",
            tuple(holders.get(row.pk, ())),
            called.get(row.pk),
            len(deals.get(row.pk, ())),
            *next(((deal.next_step, deal.next_step_on) for deal in deals.get(row.pk, ())), ("", None)),
        )
        for row in rows
    ]


def _holders(ids: list[int], today: date) -> dict[int, list[str]]:
    rows = Relationship.all_rows.filter(company_id__in=ids, kind__in=Relationship.HOLDING, valid__contains=today)
    found: dict[int, list[str]] = {}
    for company_id, name in rows.order_by("kind").values_list("company_id", "employee__full_name"):
        if name not in found.setdefault(company_id, []):
            found[company_id].append(name)
    return found


LAST_CALLS = """
SELECT wanted.id, last.called_on FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (SELECT called_on FROM pipeline_call WHERE company_id = wanted.id ORDER BY called_on DESC LIMIT 1) last
"""


def _last_calls(ids: list[int]) -> dict[int, date]:
    with connection.cursor() as cursor:
        cursor.execute(LAST_CALLS, [ids])
        return dict(cursor.fetchall())


def _open_deals(ids: list[int], viewer: Viewer) -> dict[int, list[Deal]]:
    rows = Deal.objects.visible_to(viewer).filter(company_id__in=ids, status=Deal.Status.OPEN)
    found: dict[int, list[Deal]] = {}
    for deal in rows.order_by("next_step_on", "pk").only("company_id", "next_step", "next_step_on"):
        found.setdefault(deal.company_id or 0, []).append(deal)
    return found


@dataclass(frozen=True, slots=True)
class Money:
    """What a client has paid without VAT, what is owed of signed contracts, and when money came last."""

    collected: Decimal
    owed: Decimal
    last_on: date | None


def money_of(company: Company, viewer: Viewer) -> Money | None:
    """The client's money as far as the viewer sees it, None where the viewer sees none; 2 SQL statements."""
    if viewer.reach("payments") == "none":
        return None
    payments = Payment.objects.visible_to(viewer).filter(company=company)
    paid = payments.aggregate(total=Sum("amount_without_vat"), last=Max("paid_on"))
    contracts = owed_contracts(Contract.objects.visible_to(viewer).filter(company=company))
    owed = contracts.order_by().aggregate(total=Sum(F("amount") - F("paid_amount")))["total"]
    return Money(paid["total"] or ZERO, owed or ZERO, paid["last"])


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened with a company, for the timeline."""

    at: date | datetime
    title: str
    text: str = ""
    who: str = ""
    icon: str = "point"
    tone: str = ""
    url: str = ""
    anchor: str = ""


def trail_of(company: Company, viewer: Viewer, *, limit: int = TRAIL) -> list[Event]:
    """Calls, steps of deals, cards and finished tasks of a company, newest first, as the viewer sees them; 4 statements."""
    events = [
        *_call_events(company, viewer, limit),
        *_step_events(company, viewer, limit),
        *_card_events(company, viewer, limit),
        *_task_events(company, viewer, limit),
    ]
    return sorted(events, key=lambda event: _instant(event.at), reverse=True)[:limit]


def _instant(at: date | datetime) -> datetime:
    """What has only a day stands below what has a time on it."""
    return at if isinstance(at, datetime) else datetime.combine(at, time(), company_time_zone())


def _call_events(company: Company, viewer: Viewer, limit: int) -> Iterable[Event]:
    rows = Call.objects.visible_to(viewer).filter(company=company).select_related("employee")
    for call in rows.order_by("-called_on", "-pk")[:limit]:
        text = " → ".join(filter(None, [call.note, call.next_step]))
        tone = "good" if call.outcome in Call.WARM else "bad" if call.outcome == Call.Outcome.REFUSED else ""
        title = _("Call: %(outcome)s") % {"outcome": call.get_outcome_display()}
        yield Event(call.started_at, title, text, call.employee.full_name, "phone", tone, anchor=f"call-{call.pk}")


def _step_events(company: Company, viewer: Viewer, limit: int) -> Iterable[Event]:
    deals = Deal.objects.visible_to(viewer).filter(company=company)
    rows = StageChange.all_rows.filter(deal__in=deals).select_related("deal", "to_stage", "by__employee")
    for step in rows.order_by("-at", "-pk")[:limit]:
        tone = {"won": "good", "lost": "bad"}.get(step.to_stage.kind, "accent")
        who = step.by.employee.full_name if step.by and hasattr(step.by, "employee") else ""
        title = f"{step.deal.title}: {step.to_stage.label}"
        yield Event(step.at, title, step.deal.lost_reason, who, "briefcase", tone, reverse("pipeline:deal", args=[step.deal_id]))


def _card_events(company: Company, viewer: Viewer, limit: int) -> Iterable[Event]:
    rows: Any = ResearchCard.objects.visible_to(viewer).filter(company=company).select_related("author")
    for card in rows[:limit]:
        yield Event(
            card.prepared_on, _("Research card"), card.brief, card.author.full_name, "notes", "accent", f"#card-{card.pk}"
        )


def _task_events(company: Company, viewer: Viewer, limit: int) -> Iterable[Event]:
    rows = Task.objects.visible_to(viewer).filter(company=company, status=Task.Status.DONE).exclude(kind=Task.Kind.RESEARCH)
    for task in rows.select_related("assignee").order_by("-done_at")[:limit]:
        if task.done_at is not None:
            url = reverse("pipeline:task", args=[task.pk])
            yield Event(task.done_at, task.title, task.result, task.assignee.full_name, "checklist", "", url)
