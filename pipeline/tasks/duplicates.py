"""A task for the head of a client whom somebody else wanted to add: two of us work on one company, or one has lost it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.models import Assignment
from accounts.structure.queries import first_holder, head_above
from pipeline.clients.models import Company, Relationship
from pipeline.tasks.models import Task
from pipeline.tasks.services import TaskDraft, create_task
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.db.workdays import next_working_day

OTHERWISE = (Role.COMMERCIAL_DIRECTOR, Role.OWNER)
"""Who decides where the company has no head."""


def ask_about_duplicate(actor: User, company: Company, name: str) -> None:
    """Ask whoever heads a company to decide who works with it; a question that is open already is not asked again.

    The task has no author: who typed the number would see by it what they may not. At most 10 SQL statements.

    Args:
        actor: Who typed the company's tax number and does not see the company.
        company: The one that is there.
        name: How the actor calls it.
    """
    who = Employee.all_rows.filter(pk=viewer_for(actor).own_id).first()
    holder = _holder_of(company)
    head = _head_of(company, holder, without=who) or first_holder(OTHERWISE, clock.today())
    if who is None or head is None:
        return
    with override(head.user.language if head.user else None):
        draft = _draft(company, name, who=who, holder=holder, head=head)
        if not Task.all_rows.open().filter(company=company, assignee=head, title=draft.title).exists():
            create_task(actor=None, draft=draft)


def _holder_of(company: Company) -> Employee | None:
    rows: Any = Relationship.all_rows.filter(company=company, kind__in=Relationship.HOLDING, valid__contains=clock.today())
    found: Relationship | None = rows.select_related("employee").order_by("pk").first()
    return found.employee if found is not None else None


def _head_of(company: Company, holder: Employee | None, *, without: Employee | None) -> Employee | None:
    """The head above the holder, else the head of the company's direction; never the one who asks."""
    above = head_above(holder, clock.today()) if holder is not None else None
    heads = Assignment.all_rows.filter(
        role=Role.INDUSTRY_HEAD, direction=company.direction_id or 0, valid__contains=clock.today()
    ).select_related("employee__user")
    found = [above, *(place.employee for place in heads.order_by("pk"))]
    return next((head for head in found if head is not None and head != without), None)


def _draft(company: Company, name: str, *, who: Employee, holder: Employee | None, head: Employee) -> TaskDraft:
    title = _("%(person)s wanted to add a client of ours: %(company)s")
    request = _(
        "%(person)s typed “%(typed)s” with tax number %(tax_id)s. With us it is “%(company)s”, held by %(holder)s. "
        "Decide who works with it, and tell both."
    )
    words = {
        "person": who.full_name,
        "typed": name,
        "tax_id": company.tax_id,
        "company": company.name,
        "holder": holder.full_name if holder else _("nobody"),
    }
    return TaskDraft(
        kind=Task.Kind.OTHER,
        title=(title % words)[:300],
        request=request % words,
        assignee_id=head.pk,
        company_id=company.pk,
        due_on=next_working_day(clock.today()),
    )
