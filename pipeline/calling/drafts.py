"""What is typed about a call before it is logged, and again after its outcome was taken back."""

from __future__ import annotations

from accounts.people.models import User
from pipeline.calling.models import Call
from pipeline.deals.models import Deal
from salesys.db.drafts import save_draft
from salesys.db.organisation import company_time_zone


def entry_draft_key(entry_id: int) -> str:
    """Under which a call from a list is kept while it is typed."""
    return f"call-{entry_id}"


def company_draft_key(company_id: int) -> str:
    """Under which a call that comes of no list is kept while it is typed."""
    return f"company-{company_id}"


def keep_report(*, actor: User, call: Call, deal: Deal | None) -> None:
    """Keep the text of a call that is taken back as the caller's draft; the outcome was the slip, so it is chosen anew.

    Args:
        actor: Whose draft.
        call: As it was logged.
        deal: The one that the call had opened.
    """
    at = call.next_step_at
    fields = {
        "note": call.note,
        "next_step": call.next_step,
        "next_step_at": f"{at.astimezone(company_time_zone()):%Y-%m-%dT%H:%M}" if at else "",
        "amount": str(deal.amount) if deal and deal.amount else "",
        "product": str(deal.product_id) if deal and deal.product_id else "",
    }
    key = entry_draft_key(call.entry_id) if call.entry_id else company_draft_key(call.company_id)
    save_draft(user=actor, key=key, fields=fields)
