"""What has changed since the last run and reaches a month: a figure that is approved must be the one that a run would post."""

from __future__ import annotations

from compensation.ledger.sql import rows
from salesys.kernel.periods import Month

# A mark of a client, contract or product reaches a month only through a payment: most deals are won of clients that have paid
# nothing yet. What could not be computed in a sealed month is marked by each run anew, and is an obstacle of its own.
REACHING = """
SELECT EXISTS (
    SELECT FROM compensation_stale m
    WHERE (m.from_on IS NULL OR m.from_on < %(end)s)
      AND CASE m.kind
          WHEN 'company' THEN EXISTS (
              SELECT FROM pipeline_payment p
              WHERE p.company_id = m.key AND p.paid_on < %(end)s AND p.paid_on >= coalesce(m.from_on, '-infinity'))
          WHEN 'contract' THEN EXISTS (SELECT FROM pipeline_payment p WHERE p.contract_id = m.key AND p.paid_on < %(end)s)
          WHEN 'product' THEN EXISTS (
              SELECT FROM pipeline_contract c JOIN pipeline_payment p ON p.contract_id = c.id
              WHERE c.product_id = m.key AND p.paid_on < %(end)s)
          WHEN 'earnings' THEN NOT EXISTS (
              SELECT FROM compensation_uncomputedearning u
              LEFT JOIN compensation_payperiod s ON s.month_on = u.month_on
              WHERE u.month_on = m.from_on AND coalesce(s.status NOT IN ('open', 'calculated'), true))
          ELSE true END
)
"""


def is_outstanding(month: Month) -> bool:
    """Whether a change that no run has computed reaches the month or an earlier one, whose money it would adjust; 1 statement."""
    return bool(rows(REACHING, {"end": month.plus(1).first})[0][0])
