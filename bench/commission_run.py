"""A full commission run over an empty ledger, beside one hand-written INSERT .. SELECT that writes as many rows."""

from __future__ import annotations

import sys

from django.db import connection
from psycopg2.extensions import connection as Connection  # noqa: N812

from bench._commission_data import FIRST, Size, fill, today
from bench.harness import Result, scratch_database, seconds, told
from compensation.ledger.commissions import run_commissions
from compensation.schemes.examples import create_example_schemes

BARE = """
CREATE TABLE bare_line (
    payment_id bigint NOT NULL, payee_id integer NOT NULL, component_id integer NOT NULL, origin_on date NOT NULL,
    basis_amount numeric(18, 2) NOT NULL, rate numeric(9, 6) NOT NULL, amount numeric(18, 2) NOT NULL,
    PRIMARY KEY (payment_id, payee_id)
)
"""
# What one would write by hand for one rule: hunters and client managers get a rate of the payments of their clients
BY_HAND = """
INSERT INTO bare_line
SELECT p.id, r.employee_id, 1, date_trunc('month', p.paid_on)::date, p.amount_without_vat, 0.1,
       round(p.amount_without_vat * 0.1, 2)
FROM pipeline_payment p
JOIN pipeline_relationship r ON r.company_id = p.company_id AND r.valid @> p.paid_on
"""


def run(scale: float) -> Result:
    """Measure at a share of the full size."""
    with scratch_database("commission_run") as scratch:
        size = Size.at(scale)
        fill(size)
        create_example_schemes(actor=None, from_on=FIRST.first)
        with told("full run"):
            value = seconds(lambda: run_commissions(actor=None, as_of=today(), full=True))
        lines = _count("compensation_creditline")
        limit_connection = scratch.connect()
        with told("by hand"), limit_connection, limit_connection.cursor() as cursor:
            cursor.execute(BARE)
            limit = seconds(lambda: _write_by_hand(limit_connection))
        by_hand = _count("bare_line")
        print(f"  {lines} lines, {by_hand} by hand", file=sys.stderr)
        limit_connection.close()
        return Result("commission_run", value, "s", limit * lines / by_hand, at_most=3)


def _write_by_hand(limit_connection: Connection) -> None:
    with limit_connection.cursor() as cursor:
        cursor.execute(BY_HAND)
    limit_connection.commit()


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
