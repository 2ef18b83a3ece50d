"""A night's run: 0.1 % of the payments are new, 50 clients changed hands, 20 refunds came; beside the full run before it."""

from __future__ import annotations

import sys
from typing import Any

from django.db import connection

from bench._commission_data import FIRST, LAST, Size, fill, today
from bench.harness import Result, Scratch, scratch_database, seconds, told
from compensation.ledger.commissions import run_commissions
from compensation.ledger.services import settle_past_periods
from compensation.schemes.examples import create_example_schemes

OWNERSHIP_CHANGES = 50
REFUNDS = 20
NEW_SHARE = 0.001

NEW_PAYMENTS = """
INSERT INTO pipeline_payment (company_id, contract_id, paid_on, amount, currency, currency_rate, vat_rate,
                              amount_without_vat, source, note, entered_at)
SELECT c, c, %(last)s::date - (n %% 5)::integer, net * 1.2, 'RUB', 1, 0.2, net, 'import', '', now()
FROM (SELECT n, 1 + (n * 7919) %% %(clients)s AS c, 1000 + n %% 90000 AS net FROM generate_series(1, %(new)s) n) drawn
"""
REFUND_ROWS = """
INSERT INTO pipeline_payment (company_id, contract_id, refund_of_id, paid_on, amount, currency, currency_rate, vat_rate,
                              amount_without_vat, source, note, entered_at)
SELECT company_id, contract_id, id, %(last)s, -amount, currency, currency_rate, vat_rate, -amount_without_vat, 'import', '', now()
FROM pipeline_payment WHERE id = ANY (%(refunded)s)
"""
CLOSE = """
UPDATE pipeline_relationship SET valid = daterange(lower(valid), %(from_on)s)
WHERE kind = 'hunter' AND company_id = ANY (%(moved)s)
"""
HAND_OVER = """
INSERT INTO pipeline_relationship (company_id, employee_id, kind, valid, reason)
SELECT c, 1 + (c * 13) %% %(hunters)s, 'hunter', daterange(%(from_on)s, NULL), 'handed over' FROM unnest(%(moved)s) AS c
"""


def run(scale: float) -> Result:
    """Measure at a share of the full size."""
    with scratch_database("commission_nightly") as scratch:
        size = Size.at(scale)
        fill(size)
        create_example_schemes(actor=None, from_on=FIRST.first)
        with told("full run"):
            limit = seconds(lambda: run_commissions(actor=None, as_of=today(), full=True))
        settle_past_periods(author=None, approver=None, before=LAST.first)
        _analyze(scratch)
        change(size)
        with told("night's run"):
            value = seconds(lambda: print(f"  {run_commissions(actor=None, as_of=today())}", file=sys.stderr))
        return Result("commission_nightly", value, "s", limit, at_most=1 / 50)


def change(size: Size) -> None:
    """What a day brings; the triggers mark what it makes stale."""
    step = size.clients // OWNERSHIP_CHANGES
    values: dict[str, Any] = {
        "last": today(),
        "clients": size.clients,
        "hunters": size.hunters,
        "new": int(size.payments * NEW_SHARE),
        "refunded": [1 + number * (size.payments // REFUNDS) for number in range(REFUNDS)],
        "moved": [1 + number * step for number in range(OWNERSHIP_CHANGES)],
        "from_on": LAST.first,
    }
    with connection.cursor() as cursor, told("a day's changes"):
        for statement in (NEW_PAYMENTS, REFUND_ROWS, CLOSE, HAND_OVER):
            cursor.execute(statement, values)


def _analyze(scratch: Scratch) -> None:
    """What autovacuum has done by the next night."""
    vacuum = scratch.connect()
    vacuum.autocommit = True
    with told("vacuum"), vacuum.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    vacuum.close()
