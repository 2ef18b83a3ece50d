"""One client, two of us: whoever types the tax number of a company beyond their reach is told to ask, and its head is told who
typed it. Neither learns more of the other's client than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.people.models import User
from pipeline.clients.models import Company
from pipeline.clients.policies import sees_company
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import InvalidInput, Issue

Follower = Callable[[User, Company, str], None]
_followers: list[Follower] = []


class HeldElsewhere(InvalidInput):
    """The company that was typed is with us already, where the person does not see it; `name` is how they call it."""

    def __init__(self, company: Company, name: str) -> None:
        super().__init__(tax_number_issue(str(company.tax_id)))
        self.company, self.name = company, name


def tax_number_issue(tax_id: str) -> Issue:
    """Says that the number cannot be used, not whose it is."""
    problem = _("This tax number cannot be used.")
    return Issue("tax_id_taken", problem, "tax_id", tax_id, _("Ask your head who may work with this company."))


def refuse_duplicate(*, actor: User | None, company: Company) -> None:
    """Refuse a tax number that a company beyond the actor's reach has; one within it is named by the check of the row.

    Locks the number, so that two who add the same company at once come here one after the other.

    Raises:
        HeldElsewhere: As said.
    """
    if not company.tax_id:
        return
    lock_until_commit(f"tax_id:{company.tax_id}")
    twin: Company | None = Company.all_rows.filter(tax_id=company.tax_id).exclude(pk=company.pk).first()
    if twin is not None and actor is not None and not sees_company(actor, twin):
        raise HeldElsewhere(twin, company.name)


def follow_duplicates(follower: Follower) -> None:
    """Let `follower(actor, company, name)` tell a head; a house that stands above registers once, when Django starts."""
    if follower not in _followers:
        _followers.append(follower)


@contextmanager
def duplicates_told(actor: User) -> Iterator[None]:
    """Around a service that may meet a duplicate: its head is told in a transaction of its own, because the deed is undone."""
    try:
        yield
    except HeldElsewhere as error:
        with transaction.atomic():
            for follower in _followers:
                follower(actor, error.company, error.name)
        raise
