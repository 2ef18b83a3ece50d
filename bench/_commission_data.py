"""The data of the commission benches: payments, clients and payees of a department that has existed for two years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from bench.harness import told
from salesys.kernel.periods import Month

PAYMENTS = 5_000_000
CLIENTS = 200_000
PAYEES = 2_000
FIRST = Month(2024, 1)
MONTHS = 24
LAST = FIRST.plus(MONTHS - 1)
DAYS = (LAST.plus(1).first - FIRST.first).days

PEOPLE = """
INSERT INTO accounts_department (id, name, kind, time_zone)
SELECT d, 'Department ' || d, CASE WHEN d <= 30 THEN 'active' ELSE 'client' END, '' FROM generate_series(1, 40) d;
INSERT INTO accounts_employee (id, full_name, hired_on)
SELECT e, 'Employee ' || e, '2020-01-01' FROM generate_series(1, %(payees)s) e;
-- Three of four hunt, the rest serve clients in the client departments
INSERT INTO accounts_assignment (employee_id, department_id, role, valid)
SELECT e, CASE WHEN e <= %(hunters)s THEN 1 + e %% 30 ELSE 31 + e %% 10 END,
       CASE WHEN e <= %(hunters)s THEN 'seller' ELSE 'client_manager' END, daterange('2020-01-01', NULL)
FROM generate_series(1, %(payees)s) e;
"""
CLIENT_ROWS = """
INSERT INTO pipeline_product (id, name, category, list_price, cost_rate, is_active)
SELECT p, 'Product ' || p, 'Category ' || p %% 3, 1000, 0.3 + p * 0.02, true FROM generate_series(1, 7) p;
INSERT INTO pipeline_company (id, name, city, time_zone, website, is_corporate, source, created_at, updated_at)
SELECT c, 'Company ' || c, '', '', '', false, '', now(), now() FROM generate_series(1, %(clients)s) c;
INSERT INTO pipeline_deal (id, title, company_id, product_id, seller_id, stage_id, status, amount, opened_on, closed_on,
                           lost_reason, next_step, created_at, updated_at)
SELECT c, 'Deal ' || c, c, 1 + c %% 7, 1 + c %% %(hunters)s, (SELECT id FROM pipeline_stage WHERE kind = 'won'), 'won', 100000,
       %(first)s::date - 60, %(first)s::date + (c * 31 %% %(days)s)::integer, '', '', now(), now()
FROM generate_series(1, %(clients)s) c;
INSERT INTO pipeline_contract (id, number, company_id, deal_id, product_id, seller_id, signed_on, amount, direct_cost, created_at)
SELECT c, 'C-' || c, c, c, 1 + c %% 7, 1 + c %% %(hunters)s, %(first)s, 1000000, CASE WHEN c %% 4 = 0 THEN 400000 END, now()
FROM generate_series(1, %(clients)s) c;
-- Every client has a hunter; two of five have been handed to a client manager at some time since
INSERT INTO pipeline_relationship (company_id, employee_id, kind, valid, reason)
SELECT c, 1 + c %% %(hunters)s, 'hunter', daterange('2020-01-01', NULL), '' FROM generate_series(1, %(clients)s) c
UNION ALL
SELECT c, %(hunters)s + 1 + c %% (%(payees)s - %(hunters)s), 'account_manager',
       daterange(%(first)s::date + (c * 7 %% %(days)s)::integer, NULL), ''
FROM generate_series(1, %(clients)s) c WHERE c %% 5 < 2;
"""
PAYMENT_ROWS = """
INSERT INTO pipeline_payment (id, company_id, contract_id, paid_on, amount, currency, currency_rate, vat_rate,
                              amount_without_vat, source, note, entered_at)
SELECT n, c, c, %(first)s::date + day, net * 1.2, 'RUB', 1, 0.2, net, 'import', '', now()
FROM (
    SELECT n, 1 + hashint8(n) %% %(clients)s + CASE WHEN hashint8(n) < 0 THEN %(clients)s - 1 ELSE 0 END AS c,
           (n * %(days)s / (%(payments)s + 1))::integer AS day, 1000 + n %% 90000 AS net
    FROM generate_series(1::bigint, %(payments)s) n
) drawn;
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows the bench has at its scale."""

    payments: int
    clients: int
    payees: int

    @classmethod
    def at(cls, scale: float) -> Size:
        """The sizes at a share of the whole."""
        return cls(int(PAYMENTS * scale), max(int(CLIENTS * scale), 100), max(int(PAYEES * scale), 20))

    @property
    def hunters(self) -> int:
        """Payees who hunt; the others serve clients."""
        return self.payees * 3 // 4


def fill(size: Size) -> None:
    """Write people, clients and payments with plain SQL, and the schemes through their service."""
    values: dict[str, Any] = {
        "payments": size.payments,
        "clients": size.clients,
        "payees": size.payees,
        "hunters": size.hunters,
        "first": FIRST.first,
        "days": DAYS,
    }
    with connection.cursor() as cursor, told(f"{size.payments} payments, {size.clients} clients, {size.payees} payees"):
        # Foreign keys would be checked row by row; this data is right by construction
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(PEOPLE, values)
        cursor.execute(CLIENT_ROWS, values)
        cursor.execute(PAYMENT_ROWS, values)
        cursor.execute("SET session_replication_role = origin")
        for table in (
            "accounts_employee",
            "accounts_assignment",
            "pipeline_company",
            "pipeline_deal",
            "pipeline_contract",
            "pipeline_relationship",
            "pipeline_payment",
            "pipeline_product",
        ):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1000000000)", [table])
        cursor.execute("VACUUM ANALYZE")


def today() -> date:
    """The last day of the data."""
    return LAST.last
