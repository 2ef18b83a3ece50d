"""To whom a call's result goes: the seller of a warm contact, the assistant of a question. Always as of a date."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.people.models import Employee, EmployeeQuerySet
from accounts.roles import SELLING_ROLES, Role
from accounts.structure.models import Assignment, Pair
from pipeline.calling.models import CallList
from pipeline.clients.models import Company, Relationship
from pipeline.tasks.models import Task
from salesys.kernel.errors import invalid


def seller_for(*, company: Company, call_list: CallList | None, on: date) -> Employee:
    """The seller of a warm contact: the list's, else the company's hunter, else the least loaded of the direction.

    Loaded means open deals; whoever came first wins where two are equal. Where the direction has no seller on the date,
    the least loaded of the whole company takes it, so that no warm contact is lost. At most 4 SQL statements.

    Raises:
        InvalidInput: Nobody sells here on that date.
    """
    of_list = call_list.seller_id if call_list else None
    hunters = Relationship.all_rows.filter(company=company, kind=Relationship.Kind.HUNTER, valid__contains=on)
    for employee_id in (of_list, hunters.values_list("employee_id", flat=True).first()):
        if employee_id and (found := _selling(on).filter(pk=employee_id).first()):
            return found
    direction_id = (call_list.direction_id if call_list else None) or company.direction_id
    sellers = _by_load(_at_work(on, (Role.SELLER,)))
    found = sellers.filter(_placed(on, direction_id=direction_id)).first() if direction_id else None
    found = found or sellers.first()
    if found is None:
        raise invalid(
            "no_seller",
            _("There is no seller to give this to."),
            field="outcome",
            remedy=_("Ask your head to name one on the list."),
        )
    return found


def assistant_for(*, caller: Employee, on: date) -> Employee:
    """Who answers a caller's questions: the paired assistant, else the least loaded of the department, else of the company.

    At most 4 SQL statements.

    Raises:
        InvalidInput: There is no assistant on that date.
    """
    paired = Pair.all_rows.filter(telesales=caller, valid__contains=on).values("assistant_id")
    assistants = _at_work(on, (Role.ASSISTANT,))
    open_tasks = Count("tasks", filter=Q(tasks__status__in=Task.OPEN))
    by_load = assistants.annotate(load=open_tasks).order_by("load", "pk")
    department = Assignment.all_rows.filter(employee=caller, valid__contains=on).values_list("department_id", flat=True).first()
    found = (
        assistants.filter(pk__in=paired).first()
        or by_load.filter(_placed(on, department_id=department)).first()
        or by_load.first()
    )
    if found is None:
        raise invalid(
            "no_assistant",
            _("There is no assistant to ask."),
            field="outcome",
            remedy=_("Log another outcome and tell your head."),
        )
    return found


def _at_work(on: date, roles: tuple[str, ...]) -> EmployeeQuerySet:
    placed = Assignment.all_rows.filter(valid__contains=on, role__in=roles)
    rows: EmployeeQuerySet = Employee.all_rows.working_on(on).filter(pk__in=placed.values("employee_id"))
    return rows


def _selling(on: date) -> EmployeeQuerySet:
    return _at_work(on, tuple(SELLING_ROLES | {Role.INDUSTRY_HEAD}))


def _placed(on: date, **place: int | None) -> Q:
    return Q(pk__in=Assignment.all_rows.filter(valid__contains=on, **place).values("employee_id"))


def _by_load(rows: EmployeeQuerySet) -> EmployeeQuerySet:
    return rows.annotate(load=Count("deals", filter=Q(deals__status="open"))).order_by("load", "pk")
