"""Opening contact details: one by one, counted against a daily and a monthly budget of the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.budgets import allowed_for, warned_at
from accounts.access.models import BudgetNotice, ContactReveal
from accounts.people.models import Employee, User
from accounts.structure.models import Assignment
from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.locks import lock_until_commit
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed, NotVisible


class OfCompany(Protocol):
    """A contact, as far as its opening is concerned."""

    pk: int
    company_id: int


@dataclass(frozen=True, slots=True)
class Budget:
    """Contacts opened and allowed, today and in this calendar month."""

    day_used: int
    day_allowed: int
    month_used: int
    month_allowed: int

    @property
    def is_spent(self) -> bool:
        """Whether no further contact can be opened today."""
        return self.day_used >= self.day_allowed or self.month_used >= self.month_allowed


def budget_of(user: User) -> Budget:
    """How far a person's budget is used up; 2 or 3 SQL statements beside those of the viewer."""
    today = clock.today()
    used = ContactReveal.all_rows.filter(user=user, on__gte=today.replace(day=1), on__lte=today).aggregate(
        month=Count("pk"), day=Count("pk", filter=Q(on=today))
    )
    per_day, per_month = allowed_for(viewer_for(user).role, user.pk)
    return Budget(used["day"], per_day, used["month"], per_month)


def reveal_contact(*, actor: User, contact: OfCompany) -> Budget:
    """Open a contact for the rest of the day; one that is open already costs nothing. Locks the person's budget.

    At four fifths and at the whole of a budget, the person's manager gets a notice. A refused attempt is in the audit trail.

    Args:
        actor: Whose budget it counts against.
        contact: A row of a scoped model; it must be visible to the actor.

    Raises:
        NotVisible: The actor does not see the contact.
        NotAllowed: The budget is spent.
    """
    if isinstance(contact, ScopedModel) and not type(contact).objects.visible_to(actor).filter(pk=contact.pk).exists():
        raise NotVisible(Issue("no_contact", _("There is no such contact.")))
    with transaction.atomic():
        budget, is_open = _open(actor, contact)
    if not is_open:
        raise NotAllowed(_spent(budget))
    return budget


def _open(actor: User, contact: OfCompany) -> tuple[Budget, bool]:
    """The budget afterwards, and whether the contact is open now."""
    lock_until_commit(f"accounts.reveal:{actor.pk}")
    today = clock.today()
    budget = budget_of(actor)
    if ContactReveal.all_rows.filter(user=actor, contact_id=contact.pk, on=today).exists():
        return budget, True
    obj = contact if isinstance(contact, models.Model) else None
    if budget.is_spent:
        record(actor=actor, action="contact.refused", obj=obj, after={"company": contact.company_id})
        return budget, False
    ContactReveal.all_rows.create(user=actor, contact_id=contact.pk, company_id=contact.company_id, on=today)
    record(actor=actor, action="contact.opened", obj=obj, after={"company": contact.company_id})
    after = Budget(budget.day_used + 1, budget.day_allowed, budget.month_used + 1, budget.month_allowed)
    _give_notice(actor, today, after)
    return after, True


def _spent(budget: Budget) -> Issue:
    values = {"day": budget.day_allowed, "month": budget.month_allowed}
    return Issue(
        "budget_spent",
        _("The budget for opening contacts is spent: %(day)s a day, %(month)s a month.") % values,
        remedy=_("Ask your head, or go on tomorrow."),
    )


def _give_notice(actor: User, today: date, budget: Budget) -> None:
    """Tell the manager once when four fifths, and once when all of a budget is used."""
    periods = (
        (BudgetNotice.Period.DAY, today, budget.day_used, budget.day_allowed),
        (BudgetNotice.Period.MONTH, today.replace(day=1), budget.month_used, budget.month_allowed),
    )
    for period, begins_on, used, allowed in periods:
        if used >= warned_at(allowed):
            BudgetNotice.all_rows.get_or_create(
                user=actor,
                period=period,
                begins_on=begins_on,
                is_spent=used >= allowed,
                defaults={"recipient": _manager_of(actor, today), "used": used, "allowed": allowed},
            )


def _manager_of(user: User, on: date) -> Employee | None:
    place = Assignment.all_rows.filter(employee__user=user, valid__contains=on).select_related("manager").first()
    return place.manager if place else None
