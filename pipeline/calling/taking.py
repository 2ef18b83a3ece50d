"""Taking the next company into the hand: the queue says which, and whom to ask for there is shown at once, against the budget."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from accounts.access.reveal import budget_spent, locked_budget, note_refusal
from accounts.people.models import User
from pipeline.calling.claims import Claim, Reason, caller_of, claim_next_entry
from pipeline.calling.models import CallListEntry
from pipeline.calling.queries import whom_to_ask
from pipeline.clients.opening import show_contacts


@transaction.atomic
def take_next_company(*, actor: User) -> Claim:
    """Give the caller the next company, as `claim_next_entry` does, and open the contact to ask for there.

    Being shown a number is having it, called or not: it counts as opened, once a day. Who has spent the budget gets no next
    company; one that is in hand stays, with its details masked. Some 10 SQL statements beside the claim, each by an
    index and none in the queue's function: nobody else waits for them. Locks the caller's budget, then one entry.

    Returns:
        The claim; with `refusal` where the budget has kept something back.

    Raises:
        NotAllowed: The actor is nobody's employee today.
    """
    caller, budget = caller_of(actor), locked_budget(actor)
    if budget.is_spent and not CallListEntry.all_rows.filter(claimed_by_id=caller, state=CallListEntry.State.CLAIMED).exists():
        note_refusal(actor)
        return Claim(None, Reason.BUDGET, refusal=budget_spent(budget))
    claim = claim_next_entry(actor=actor)
    if claim.entry_id is None:
        return claim
    entry = CallListEntry.all_rows.only("company_id", "contact_id").get(pk=claim.entry_id)
    shown = show_contacts(actor=actor, contacts=whom_to_ask(entry)[:1], budget=budget)
    return replace(claim, refusal=shown.refusal)
