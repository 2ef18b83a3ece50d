"""Opening contact details: one by one, counted against a daily and a monthly budget of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol, cast

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.access.audit import Deed, record, record_many
from accounts.access.budgets import allowed_for, warned_at
from accounts.access.models import AuditEvent, BudgetNotice, ContactReveal
from accounts.people.models import Employee, User
from accounts.structure.models import Assignment
from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.locks import lock_until_commit
from salesys.db.organisation import company_time_zone
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
        return self.left == 0

    @property
    def left(self) -> int:
        """How many further contacts can be opened today."""
        return max(0, min(self.day_allowed - self.day_used, self.month_allowed - self.month_used))


@dataclass(frozen=True, slots=True)
class Opened:
    """Which of some contacts are open to a person now, and why the others are not; None when all of them are."""

    ids: frozenset[int]
    refusal: Issue | None = None


def opened_today(viewer: object) -> Any:
    """Openings of a person today, which last until midnight; a queryset."""
    return ContactReveal.all_rows.filter(user_id=viewer_for(viewer).user_id or 0, on=clock.today())


def opened_ids(viewer: object) -> frozenset[int]:
    """Contacts that are open to a person now; 1 SQL statement."""
    return frozenset(opened_today(viewer).values_list("contact_id", flat=True))


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
        raise NotAllowed(budget_spent(budget))
    return budget


@transaction.atomic
def open_at_once(*, actor: User, contacts: Sequence[OfCompany], budget: Budget | None = None) -> Opened:
    """Open contacts because a page is about to show them whole, as `reveal_contact` opens one; as many as the budget reaches.

    Set-based: 1 SQL statement where all are open already, else some 8 however many. Locks the person's budget. Of contacts
    that the budget does not reach, each leaves one event a day, however often the page is looked at.

    Args:
        actor: Whose budget they count against.
        contacts: Rows within the actor's scope, the most important first.
        budget: From `locked_budget`, where the caller has asked already.
    """
    wanted = {contact.pk for contact in contacts}
    if wanted <= (opened := opened_ids(actor)):
        return Opened(frozenset(wanted))
    if budget is None:
        budget = locked_budget(actor)
        opened = opened_ids(actor)
    fresh = [contact for contact in contacts if contact.pk not in opened]
    now, refused = fresh[: budget.left], fresh[budget.left :]
    if now:
        _write(actor, now, budget)
    if refused:
        _note_refusals(actor, refused)
    ids = (opened & wanted) | {contact.pk for contact in now}
    return Opened(frozenset(ids), budget_spent(budget) if refused else None)


def locked_budget(actor: User) -> Budget:
    """The same as `budget_of`, kept from changing until the transaction ends."""
    lock_until_commit(f"accounts.reveal:{actor.pk}")
    return budget_of(actor)


def note_refusal(actor: User) -> None:
    """Leave one event a day that a person with a spent budget asked for more, where there is no contact to name."""
    if not _refused_today(actor).filter(object_id__isnull=True).exists():
        record(actor=actor, action="contact.refused")


def budget_spent(budget: Budget) -> Issue:
    """What somebody is told whose budget is spent."""
    values = {"day": budget.day_allowed, "month": budget.month_allowed}
    is_month = budget.month_used >= budget.month_allowed
    return Issue(
        "budget_spent",
        _("The budget for opening contacts is spent: %(day)s a day, %(month)s a month.") % values,
        remedy=_("Ask your head for a larger one.") if is_month else _("Ask your head, or go on tomorrow."),
    )


def _open(actor: User, contact: OfCompany) -> tuple[Budget, bool]:
    """The budget afterwards, and whether the contact is open now."""
    budget = locked_budget(actor)
    if opened_today(actor).filter(contact_id=contact.pk).exists():
        return budget, True
    if budget.is_spent:
        _record(actor, "contact.refused", [contact])
        return budget, False
    return _write(actor, [contact], budget), True


def _write(actor: User, contacts: Sequence[OfCompany], budget: Budget) -> Budget:
    """Open them; the caller holds the lock and knows that the budget reaches. Returns what is used afterwards."""
    today, count = clock.today(), len(contacts)
    ContactReveal.all_rows.bulk_create(
        [ContactReveal(user=actor, contact_id=contact.pk, company_id=contact.company_id, on=today) for contact in contacts]
    )
    _record(actor, "contact.opened", contacts)
    after = Budget(budget.day_used + count, budget.day_allowed, budget.month_used + count, budget.month_allowed)
    _give_notice(actor, today, after)
    return after


def _note_refusals(actor: User, contacts: Sequence[OfCompany]) -> None:
    known = set(_refused_today(actor).filter(object_id__in=[row.pk for row in contacts]).values_list("object_id", flat=True))
    _record(actor, "contact.refused", [contact for contact in contacts if contact.pk not in known])


def _refused_today(actor: User) -> models.QuerySet[AuditEvent]:
    day_begins = datetime.combine(clock.today(), time(), company_time_zone())
    return AuditEvent.all_rows.filter(actor=actor, action="contact.refused", at__gte=day_begins)


def _record(actor: User, action: str, contacts: Sequence[OfCompany]) -> None:
    rows = [cast("models.Model", contact) for contact in contacts]
    companies = [contact.company_id for contact in contacts]
    record_many(actor=actor, deeds=[Deed(action, row, {}, {"company": key}) for row, key in zip(rows, companies, strict=True)])


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
