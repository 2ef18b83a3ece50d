"""What callers and their heads look at: the company in hand, the day's figures, how far a list is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment
from pipeline.calling.hours import is_open, zone_of
from pipeline.calling.models import Call, CallList, CallListCount, CallListEntry, LastCall
from pipeline.calling.norms import norms_of
from pipeline.calling.undo import UNDO_WITHIN
from pipeline.clients.details import Details, details_of
from pipeline.clients.models import Company, Contact
from pipeline.deals.models import Deal
from pipeline.tasks.models import ResearchCard, Task
from salesys.db import clock
from salesys.db.scope import Viewer

HISTORY = 12


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call in the history of a company."""

    at: datetime
    who: str
    outcome: str
    label: str
    note: str
    next_step: str

    @property
    def tone(self) -> str:
        """Green for what became a deal, red for a refusal."""
        if self.outcome in Call.WARM:
            return "good"
        return "bad" if self.outcome in {Call.Outcome.REFUSED, Call.Outcome.WRONG_NUMBER} else ""


@dataclass(frozen=True, slots=True)
class InHand:
    """Everything that a caller needs about the company in hand; shown to the caller who holds the claim, to nobody else."""

    entry: CallListEntry
    company: Company
    contacts: tuple[Details, ...]
    cards: tuple[ResearchCard, ...]
    answers: tuple[Task, ...]
    history: tuple[CallLine, ...]
    deals: tuple[Deal, ...]
    local_time: time
    is_open_there: bool

    @property
    def contact(self) -> Details | None:
        """Whom to ask for."""
        return next(iter(self.contacts), None)

    @property
    def others(self) -> tuple[Details, ...]:
        """Who else is known there; their details are opened one by one."""
        return self.contacts[1:]


def whom_to_ask(entry: CallListEntry) -> Any:
    """People at the company of an entry: the entry's contact, else who decides, else the first by name; a queryset."""
    is_chosen = Case(When(pk=entry.contact_id or 0, then=Value(0)), default=Value(1))
    return Contact.all_rows.filter(company=entry.company_id).order_by(is_chosen, "-is_decision_maker", "full_name", "pk")


def in_hand(entry_id: int, opened: Collection[int]) -> InHand:
    """The company of a claimed entry with its contacts, card, answered questions, calls and open deals; 6 SQL statements.

    The whole history of calls is here, whoever made them: the caller speaks for the company, and may see it for as long as
    the claim lasts.

    Args:
        entry_id: In the caller's hand.
        opened: Contacts that the caller has opened today; the others are masked.
    """
    entry = (
        CallListEntry.all_rows.select_related("company__industry", "company__direction", "company__parent", "call_list")
        .filter(pk=entry_id)
        .get()
    )
    company, now = entry.company, clock.now()
    cards: Any = ResearchCard.all_rows.filter(company=company).select_related("author", "task")
    answered = Task.all_rows.filter(company=company, status=Task.Status.DONE).exclude(result="").exclude(card__brief=F("result"))
    return InHand(
        entry=entry,
        company=company,
        contacts=tuple(details_of(whom_to_ask(entry)[:20], opened)),
        cards=tuple(cards[:3]),
        answers=tuple(answered.select_related("assignee").order_by("-done_at")[:3]),
        history=history_of(company.pk),
        deals=tuple(Deal.all_rows.filter(company=company, status=Deal.Status.OPEN).select_related("stage", "seller")[:5]),
        local_time=now.astimezone(zone_of(company.time_zone)).time(),
        is_open_there=is_open(company.time_zone, now),
    )


def history_of(company_id: int, *, limit: int = HISTORY) -> tuple[CallLine, ...]:
    """The newest calls to a company, newest first; 1 SQL statement."""
    rows = Call.all_rows.filter(company_id=company_id).select_related("employee").order_by("-called_on", "-pk")[:limit]
    return tuple(
        CallLine(row.started_at, row.employee.full_name, row.outcome, row.get_outcome_display(), row.note, row.next_step)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the day beside its target; `target` is 0 where none is planned."""

    code: str
    done: int
    target: int


@dataclass(frozen=True, slots=True)
class CallDay:
    """Calls of one person on one day."""

    dials: int
    conversations: int
    warm_contacts: int


def call_day(employee_id: int, on: date) -> CallDay:
    """Calls of a person on a date, those in which the right person was reached, and those that became warm; 1 statement."""
    counts = Call.all_rows.filter(employee_id=employee_id, called_on=on).aggregate(
        dials=Count("pk"),
        conversations=Count("pk", filter=Q(outcome__in=Call.CONVERSATIONS)),
        warm_contacts=Count("pk", filter=Q(outcome__in=Call.WARM)),
    )
    return CallDay(**counts)


def figures_of_day(employee_id: int, on: date) -> tuple[Figure, ...]:
    """The day's figures beside their targets; 1 SQL statement and those of planning."""
    day, norms = call_day(employee_id, on), norms_of(employee_id, on)
    return tuple(Figure(code, getattr(day, code), norms.get(code, 0)) for code in ("dials", "conversations", "warm_contacts"))


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """What still waits for a caller: own promises for today and later ones, and untouched companies on the caller's lists."""

    promised_today: int
    promised_later: int
    next_promise_at: datetime | None
    has_untouched: bool


def queue_counts(employee_id: int, until: datetime) -> QueueCounts:
    """What still waits; 2 SQL statements. Promises before `until` are today's; untouched companies are found, not counted."""
    promised = CallListEntry.all_rows.filter(reserved_for_id=employee_id, state="waiting")
    instants = list(promised.order_by("not_before").values_list("not_before", flat=True)[:500])
    today = sum(1 for at in instants if at is not None and at < until)
    lists = CallList.all_rows.filter(is_active=True, members__employee=employee_id)
    untouched = CallListEntry.all_rows.filter(
        call_list__in=lists, state="waiting", reserved_for__isnull=True, not_before__isnull=True
    )
    return QueueCounts(today, len(instants) - today, next(iter(instants), None), untouched.exists())


@dataclass(frozen=True, slots=True)
class Slip:
    """The newest outcome, as long as it can be taken back."""

    company: str
    outcome: str


def slip_of(employee_id: int) -> Slip | None:
    """What undo would take back; 2 SQL statements at most."""
    last = LastCall.all_rows.filter(employee_id=employee_id, logged_at__gte=clock.now() - UNDO_WITHIN).first()
    if last is None:
        return None
    call = Call.all_rows.filter(pk=last.call_id, called_on=last.called_on).select_related("company").first()
    return Slip(call.company.name, call.get_outcome_display()) if call else None


PROGRESS = """
WITH kept AS (
    SELECT call_list_id, sum(count) FILTER (WHERE what = 'companies') AS companies,
           coalesce(sum(count) FILTER (WHERE what = 'done'), 0) AS done
    FROM pipeline_calllistcount WHERE call_list_id = ANY(%(lists)s) AND what IN ('companies', 'done') GROUP BY call_list_id
),
claimed AS (
    -- by index, and never more than there are callers
    SELECT call_list_id, count(*) AS claimed FROM pipeline_calllistentry
    WHERE state = 'claimed' AND claimed_at IS NOT NULL AND call_list_id = ANY(%(lists)s) GROUP BY call_list_id
)
SELECT call_list_id, companies - done - coalesce(claimed, 0), coalesce(claimed, 0), done
FROM kept LEFT JOIN claimed USING (call_list_id) WHERE companies > 0
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is."""

    waiting: int = 0
    claimed: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        """Companies on the list."""
        return self.waiting + self.claimed + self.done


def progress_of(list_ids: list[int]) -> dict[int, Progress]:
    """List -> how far it is; lists without companies are missing. 1 SQL statement, over what is kept of each list."""
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, {"lists": list_ids})
        return {row[0]: Progress(*map(int, row[1:])) for row in cursor.fetchall()}


def outcomes_of(list_id: int) -> list[tuple[str, int]]:
    """What calls from a list came to: label and count, the most frequent first; 1 SQL statement, over what is kept of it."""
    rows = CallListCount.all_rows.filter(call_list_id=list_id, what__in=Call.Outcome.values).values_list("what")
    counts = rows.annotate(total=Sum("count")).filter(total__gt=0).order_by("-total", "what")
    return [(str(Call.Outcome(outcome).label), count) for outcome, count in counts]


def callers_for(viewer: Viewer, on: date) -> Any:
    """Whom the viewer may put on a list: telesales, who serve every direction, and sellers within reach; a queryset."""
    telesales = Assignment.all_rows.filter(valid__contains=on, role=Role.TELESALES)
    sellers = Assignment.all_rows.filter(valid__contains=on, role__in=(Role.SELLER, Role.CLIENT_MANAGER))
    seen = Employee.objects.visible_to(viewer).filter(pk__in=sellers.values("employee_id"))
    callers = Q(pk__in=telesales.values("employee_id")) | Q(pk__in=seen.values("pk"))
    return Employee.all_rows.working_on(on).filter(callers).order_by("full_name", "pk")


def sellers_for(viewer: Viewer, on: date, *, kept: int = 0) -> Any:
    """Whom the viewer may name as the seller of a list: people within reach, and `kept`, who is named already; a queryset."""
    seen = Employee.objects.visible_to(viewer).working_on(on)
    return Employee.all_rows.filter(Q(pk__in=seen.values("pk")) | Q(pk=kept)).order_by("full_name", "pk")


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which companies shall be called; None and empty mean any."""

    limit: int
    industry_id: int | None = None
    direction_id: int | None = None
    city: str = ""
    source: str = ""
    not_called_since: date | None = None


def companies_to_call(viewer: Viewer, wanted: CallFilter) -> list[int]:
    """Companies that the viewer sees and that match, the longest in the base first; 1 SQL statement."""
    rows = Company.objects.visible_to(viewer)
    exact = {"industry_id": wanted.industry_id, "direction_id": wanted.direction_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.city:
        rows = rows.filter(city__iexact=wanted.city)
    if wanted.source:
        rows = rows.filter(source__iexact=wanted.source)
    if wanted.not_called_since:
        called = Call.all_rows.filter(company_id=OuterRef("pk"), called_on__gte=wanted.not_called_since)
        rows = rows.filter(~Exists(called))
    return list(rows.order_by("pk").values_list("pk", flat=True)[: wanted.limit])
