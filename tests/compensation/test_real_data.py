"""Commissions over the published sales data: the ledger, the statements and an independent computation agree."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from compensation.ledger.commissions import run_commissions
from compensation.models import CreditLine, PayPeriod, Statement, UncreditedPayment
from compensation.schemes.examples import create_example_schemes
from compensation.statements.queries import posted_total
from pipeline.models import Payment
from salesys.kernel.periods import Month
from tests.compensation.oracle import Credit, Earning, Oracle

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

FIRST = date(2016, 10, 1)


def test_the_ledger_the_statements_and_an_independent_computation_agree(real_sales_data: Any) -> None:
    create_example_schemes(actor=None, from_on=FIRST)
    last = Month.of(Payment.all_rows.order_by("-paid_on").values_list("paid_on", flat=True)[0])
    run_commissions(actor=None, as_of=last.last)
    first = Month.of(PayPeriod.all_rows.order_by("month_on").values_list("month_on", flat=True)[0])
    months = [first.plus(offset) for offset in range(first.until(last) + 1)]
    oracle = Oracle()
    independent: dict[int, Decimal] = defaultdict(Decimal)
    for month in months:
        lines: list[Credit | Earning] = [*oracle.credits(month), *oracle.earnings(month)]
        for line in lines:
            independent[line.payee_id] += line.amount
    by_statement: dict[int, Decimal] = defaultdict(Decimal)
    for statement in Statement.all_rows.all():
        by_statement[statement.payee_id] += statement.amount
    assert {payee: amount for payee, amount in by_statement.items() if amount} == {
        payee: amount for payee, amount in independent.items() if amount
    }
    assert sum((posted_total(month) for month in months), Decimal(0)) == sum(independent.values())


def test_every_imported_payment_is_credited_or_listed(real_sales_data: Any) -> None:
    create_example_schemes(actor=None, from_on=FIRST)
    run_commissions(actor=None, as_of=date(2018, 1, 31))
    credited = set(CreditLine.all_rows.values_list("payment_id", flat=True))
    listed = set(UncreditedPayment.all_rows.values_list("pk", flat=True))
    assert not credited & listed
    assert credited | listed == set(Payment.all_rows.values_list("pk", flat=True))
    assert Payment.all_rows.count() == 4238
