"""The company as a whole: runs, people, what owners are warned of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from accounts.models import Assignment, AuditEvent, Employee
from compensation.models import Measure
from pipeline.calling.queries import Progress, progress_of
from pipeline.models import CallList, Contract, ImportIssue, Payment
from pipeline.money.queries import Losses, losses_of
from planning.models import HeadcountNeed, YearPlan
from salesys.db.effective import holds_on
from salesys.db.runs import Run
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.kernel.periods import Month
from salesys.shell.runs import outcome_text
from salesys.web.links import address

YEAR = 365
CONCENTRATED = Decimal("0.35")
RESIDUAL = Decimal("0.90")


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of batch work."""

    job: str
    business_date: date
    status: str
    label: str
    outcome: str
    finished_at: datetime | None


def latest_runs(viewer: Viewer, *, limit: int = 6) -> list[RunLine]:
    """The newest runs; 1 SQL statement."""
    rows = Run.objects.visible_to(viewer).order_by("-requested_at", "-id")[:limit]
    return [
        RunLine(row.job, row.business_date, row.status, str(row.get_status_display()), outcome_text(row), row.finished_at)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who works here, by assignment today."""

    employee_id: int
    name: str
    role: str
    role_label: str
    direction: str
    department: str


def people_today(viewer: Viewer, today: date) -> list[PersonLine]:
    """Everyone whom the viewer sees in the structure today, by name; 1 SQL statement."""
    rows = Assignment.objects.visible_to(viewer).filter(holds_on(today)).select_related("employee", "direction", "department")
    return [
        PersonLine(
            row.employee_id,
            row.employee.full_name,
            row.role,
            str(row.get_role_display()),
            row.direction.name if row.direction else "",
            row.department.name,
        )
        for row in rows.order_by("employee__full_name", "employee_id")
    ]


def people_by_role(viewer: Viewer, today: date) -> dict[str, int]:
    """Role -> how many work in it today, under an empty text those without a place; 1 SQL statement."""
    place = Assignment.objects.visible_to(viewer).filter(employee=OuterRef("pk")).filter(holds_on(today))
    rows = Employee.objects.visible_to(viewer).working_on(today).annotate(role=Subquery(place.values("role")[:1]))
    counted = rows.order_by().values_list("role").annotate(count=Count("pk", distinct=True))
    return {role or "": count for role, count in counted}


def people_coming_and_going(viewer: Viewer, today: date) -> list[tuple[str, date, bool]]:
    """Who starts (True) or leaves (False) from a month ago to a month ahead, soonest first; 1 SQL statement."""
    near = (today - timedelta(days=31), today + timedelta(days=31))
    rows = Employee.objects.visible_to(viewer).filter(Q(hired_on__range=near) | Q(dismissed_on__range=near))
    found = [(row.full_name, row.dismissed_on or row.hired_on, row.dismissed_on is None) for row in rows]
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


@dataclass(frozen=True, slots=True)
class Concentration:
    """The client on whom most of a year's collections hang."""

    company_id: int
    name: str
    share: Decimal


def top_client(viewer: Viewer, today: date) -> Concentration | None:
    """The client that paid the largest part of the last year's collections, when it is more than a third; 1 SQL statement."""
    rows = Payment.objects.visible_to(viewer).filter(paid_on__gt=today - timedelta(days=YEAR), paid_on__lte=today)
    named = rows.values_list("company_id", "company__name")
    sums = list(named.annotate(total=Sum("amount_without_vat")).order_by("-total", "company_id"))
    whole = sum((total for _company, _name, total in sums), ZERO)
    if whole <= 0 or len(sums) < 2:
        return None
    company_id, name, total = sums[0]
    return Concentration(company_id, name, total / whole) if total / whole > CONCENTRATED else None


def living_on_residuals(viewer: Viewer, today: date) -> list[tuple[int, str]]:
    """(id, name) of sellers whose credits of the last three months are residual by nine tenths; 1 SQL statement."""
    since = Month.of(today).plus(-3).first
    rows = (
        Measure.objects.visible_to(viewer)
        .filter(origin_on__gte=since, component__kind="rate", component__credit_role="hunter")
        .values("payee_id", "payee__full_name")
        .annotate(
            residual=Sum("basis_amount", filter=Q(component__newness="residual"), default=ZERO),
            all=Sum("basis_amount", default=ZERO),
        )
        .filter(all__gt=0, residual__gte=F("all") * RESIDUAL)
        .order_by("payee__full_name")
    )
    return [(row["payee_id"], row["payee__full_name"]) for row in rows]


def losing_contracts(viewer: Viewer, today: date) -> Losses:
    """Contracts of the last year that cost more than they bring; 1 SQL statement."""
    return losses_of(Contract.objects.visible_to(viewer).filter(signed_on__gte=a_year_before(today)))


def a_year_before(today: date) -> date:
    """The first day of the last year's contracts."""
    return today - timedelta(days=YEAR - 1)


def hiring_needed(viewer: Viewer, today: date) -> list[HeadcountNeed]:
    """Roles for which hiring must start within a month or should have started, one row each, soonest first; 1 SQL statement."""
    rows = (
        HeadcountNeed.objects.visible_to(viewer)
        .filter(plan__status=YearPlan.Status.AGREED, month__gte=today.replace(day=1), missing__gt=0)
        .filter(hire_from__lte=today + timedelta(days=31))
        .select_related("direction")
        .order_by("role", "direction_id", "hire_from")
        .distinct("role", "direction_id")
    )
    return sorted(rows, key=lambda row: (row.hire_from or today, row.role))


@dataclass(frozen=True, slots=True)
class ListLine:
    """A call list: how many companies still wait, how many are done."""

    pk: int
    name: str
    waiting: int
    done: int

    @property
    def url(self) -> str:
        """The list's page."""
        return address("pipeline:call_list", self.pk)

    @property
    def all(self) -> int:
        """Companies on the list."""
        return self.waiting + self.done


def call_lists(viewer: Viewer, *, limit: int | None = None) -> list[ListLine]:
    """Active call lists that the viewer sees, those with the least left to call first; 2 SQL statements."""
    rows = CallList.objects.visible_to(viewer).filter(is_active=True)
    names = dict(rows.order_by().values_list("pk", "name"))
    progress = progress_of(list(names))
    found = ((pk, name, progress.get(pk, Progress())) for pk, name in names.items())
    lines = [ListLine(pk, name, kept.waiting + kept.claimed, kept.done) for pk, name, kept in found]
    return sorted(lines, key=lambda line: (line.waiting, line.name, line.pk))[:limit]


def import_issues(viewer: Viewer, *, limit: int = 6) -> tuple[int, list[ImportIssue]]:
    """Rows of imports that a person must decide: how many, and the first; 2 SQL statements."""
    rows = ImportIssue.objects.visible_to(viewer).filter(status=ImportIssue.Status.OPEN)
    return rows.count(), list(rows.order_by("file", "line", "pk")[:limit])


def latest_events(viewer: Viewer, *, limit: int = 8) -> list[AuditEvent]:
    """The newest events that the viewer may see; 1 SQL statement."""
    return list(AuditEvent.objects.visible_to(viewer).select_related("actor__employee").order_by("-pk")[:limit])


def without_sign_in(viewer: Viewer, today: date) -> list[str]:
    """People who work here but cannot sign in; 1 SQL statement."""
    rows = Employee.objects.visible_to(viewer).working_on(today).without_sign_in()
    return list(rows.order_by("full_name").values_list("full_name", flat=True))
