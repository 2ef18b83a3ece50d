"""Rows of an import that a person decides about: repaired or dismissed, once, with an audit event."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.gate import has_role
from accounts.people.models import User
from pipeline.clients.models import Company
from pipeline.deals.models import Deal
from pipeline.leads.models import ImportIssue
from pipeline.leads.policies import DECIDERS
from salesys.db import clock
from salesys.kernel.errors import Conflict, Issue, NotAllowed, invalid

DEAL = "pipeline.deal"
COMPANY_FIELDS = frozenset({"account", "company"})


def needs_company(issue: ImportIssue) -> bool:
    """Whether the issue is about a deal that has no company yet."""
    return issue.object_type == DEAL and issue.object_id is not None and issue.field in COMPANY_FIELDS


@transaction.atomic
def give_company(*, actor: User, issue: ImportIssue, company: Company) -> Deal:
    """Repair a deal that came without an account: it is this company's from now on.

    Args:
        actor: Base manager, owner or director.
        issue: Open, about a deal without a company.
        company: Chosen among those that the actor sees.

    Returns:
        The deal.

    Raises:
        NotAllowed: The actor does not decide about imports.
        InvalidInput: The issue is about something else.
        Conflict: Somebody has decided already, or the deal has a company by now.

    Locks: the issue's row, then the deal's.
    """
    row = _open_issue(actor, issue)
    if not needs_company(row):
        raise invalid(
            "not_about_a_company", _("This row does not lack a company."), field="company", remedy=_("Dismiss it instead.")
        )
    deal = Deal.all_rows.select_for_update().filter(pk=row.object_id or 0).first()
    if deal is None or deal.company_id is not None:
        raise Conflict(Issue("has_a_company", _("This deal has its company already."), "company", "", _("Dismiss this row.")))
    deal.company = company
    deal.save(update_fields=["company", "updated_at"])
    record(actor=actor, action="deal.given_company", obj=deal, before={"company": None}, after={"company": company.pk})
    _decide(actor, row, ImportIssue.Status.RESOLVED)
    return deal


@transaction.atomic
def dismiss_issue(*, actor: User, issue: ImportIssue) -> ImportIssue:
    """Leave the row as it is: nobody has to look at it again. Locks the issue's row.

    Raises:
        NotAllowed: The actor does not decide about imports.
        Conflict: Somebody has decided already.
    """
    row = _open_issue(actor, issue)
    _decide(actor, row, ImportIssue.Status.DISMISSED)
    return row


def _open_issue(actor: User, issue: ImportIssue) -> ImportIssue:
    if not has_role(actor, *DECIDERS):
        raise NotAllowed(Issue("not_allowed", _("Your role does not decide about imports."), remedy=_("Ask the base manager.")))
    row: ImportIssue = ImportIssue.all_rows.select_for_update().get(pk=issue.pk)
    if row.status != ImportIssue.Status.OPEN:
        problem = _("This row is decided already: %s.") % row.get_status_display()
        raise Conflict(Issue("decided", problem, "status", row.status, _("Reload the page.")))
    return row


def _decide(actor: User, row: ImportIssue, status: str) -> None:
    before = row.status
    row.status, row.resolved_by, row.resolved_at = status, actor, clock.now()
    row.save(update_fields=["status", "resolved_by", "resolved_at"])
    record(actor=actor, action=f"import_issue.{status}", obj=row, before={"status": before}, after={"status": status})
