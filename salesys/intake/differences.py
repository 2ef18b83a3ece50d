"""Rows of deals that are here already, where the file says something else by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from pipeline.deals.models import Deal
from salesys.intake.opportunities import Opportunity
from salesys.intake.repairs import Finding


@dataclass(frozen=True, slots=True)
class Known:
    """How a deal stands here: the stage's code and the amount without tax."""

    stage: str
    amount: Decimal


def differing(rows: Sequence[Opportunity]) -> tuple[Finding, ...]:
    """One open finding for each row whose deal is here and stands at another stage or, won, at another amount.

    Such a deal stays as it is, for people may have worked on it; said nowhere, what the file knows better would be lost.
    In the order of the rows; 1 SQL statement. Call it before the rows are written.
    """
    known = _known([row.key for row in rows])
    return tuple(_finding(row, known[row.key]) for row in rows if row.key in known and _differs(row, known[row.key]))


def _known(keys: Sequence[str]) -> dict[str, Known]:
    deals = Deal.all_rows.filter(external_id__in=keys).values_list("external_id", "stage__code", "amount")
    return {str(key): Known(stage, amount) for key, stage, amount in deals}


def _differs(row: Opportunity, deal: Known) -> bool:
    return row.stage != deal.stage or (row.is_won and row.amount != deal.amount)


def _finding(row: Opportunity, deal: Known) -> Finding:
    problem = _("The deal is here already, at the stage “%(stage)s” with %(amount)s; it was left as it is.") % {
        "stage": deal.stage,
        "amount": deal.amount,
    }
    remedy = _("Bring the deal where it stands on its page, or dismiss the row.")
    return Finding(row.line, "deal_stage", "deal_differs", problem, remedy, is_repaired=False)
