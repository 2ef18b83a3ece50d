"""What must hold after any run, whatever has happened before."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.access.table import reaches_of
from accounts.roles import Role
from compensation.engine.trace import PieceKind
from compensation.ledger.periods import ledger_begin
from compensation.models import CreditLine, EarningLine, Measure, Statement, UncomputedEarning, UncreditedPayment
from compensation.statements.queries import StatementLine, credits_behind, statement_of
from salesys.db.scope import Viewer
from salesys.kernel.money import round_money
from salesys.kernel.periods import Month
from tests.compensation.oracle import Credit, Earning, Oracle


def standing_credits(month: Month) -> list[Credit]:
    """The credit lines of an origin month that stand: last revision odd."""
    last: dict[Any, CreditLine] = {}
    for line in CreditLine.all_rows.filter(origin_on=month.first).order_by("revision"):
        last[line.payment_id, line.payee_id, line.component_id] = line
    return sorted(
        Credit(
            line.payment_id,
            line.payee_id,
            line.component_id,
            line.department_id,
            line.is_new,
            line.net_amount,
            line.basis_amount,
            line.rate,
            line.amount,
        )
        for line in last.values()
        if line.revision % 2
    )


def standing_earnings(month: Month) -> list[Earning]:
    """The earning lines of an origin month that stand."""
    last: dict[Any, EarningLine] = {}
    for line in EarningLine.all_rows.filter(origin_on=month.first).order_by("revision"):
        last[line.payee_id, line.component_id, line.department_id] = line
    return sorted(
        Earning(line.payee_id, line.component_id, line.department_id, line.amount) for line in last.values() if line.revision % 2
    )


def check_ledger(last: Month) -> None:
    """Every month's standing lines are what the oracle computes; sums posted, measures and issues agree."""
    oracle = Oracle()
    first = ledger_begin()
    assert first is not None
    for month in [first.plus(offset) for offset in range(first.until(last) + 1)]:
        credited, earned = oracle.credits(month), oracle.earnings(month)
        assert standing_credits(month) == credited, month
        check_earnings(month, earned)
        assert sums_posted(month) == sums_of(credited, earned), month
        lost = UncomputedEarning.all_rows.filter(month_on=month.first, problem="no_pool")
        assert set(lost.values_list("payee_id", "component_id")) == oracle.lost(month), month
    assert measures() == sums_of_lines()
    assert set(UncreditedPayment.all_rows.values_list("pk", flat=True)) == oracle.uncredited()


def check_earnings(month: Month, earned: list[Earning]) -> None:
    """What is earned stands; beside it at most zeros, which say that nothing is left of a sum that there was."""
    standing = standing_earnings(month)
    assert set(earned) <= set(standing), month
    assert not [line for line in set(standing) - set(earned) if line.amount], month


def check_early_months(earliest: Month) -> None:
    """The same of months before the ledger's first, of which only those are computed that have money."""
    oracle, first = Oracle(), ledger_begin()
    assert first is not None
    for month in [earliest.plus(offset) for offset in range(earliest.until(first))]:
        credited, earned = oracle.credits(month), oracle.earnings(month)
        assert standing_credits(month) == credited, month
        check_earnings(month, [line for line in earned if line.amount])
        assert sums_posted(month) == sums_of(credited, earned), month


def check_statements() -> None:
    """Each statement is the sum of its lines; what a line tells makes its amount, and what it opens makes its basis."""
    owner = Viewer(user_id=None, employee_id=None, role=Role.OWNER, reaches=reaches_of(Role.OWNER))
    for row in Statement.all_rows.all():
        view = statement_of(row.payee_id, row.month)
        assert view.total == row.amount
        for line in view.lines:
            behind = credits_behind(
                owner,
                payee_id=row.payee_id,
                component_id=line.component.pk,
                department_id=line.department_id,
                period=row.month,
                origin=line.origin,
            )
            assert (len(behind), sum(credit.basis_amount for credit in behind)) == (line.credit_count, line.basis), line
            if line.pieces:
                assert told_by(line) == line.now == line.amount + line.was, line


def told_by(line: StatementLine) -> Decimal:
    """What the pieces come to; a share of a pool is taken of the pieces before it."""
    last = line.pieces[-1]
    return last.amount if last.kind is PieceKind.SHARE else round_money(sum((piece.amount for piece in line.pieces), Decimal(0)))


def sums_posted(month: Month) -> dict[tuple[int, int], Decimal]:
    """Payee and component -> all that was ever posted for the month."""
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for model in (CreditLine, EarningLine):
        for line in model.all_rows.filter(origin_on=month.first):
            sums[line.payee_id, line.component_id] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


def sums_of(credited: list[Credit], earned: list[Earning]) -> dict[tuple[int, int], Decimal]:
    """The same of computed lines."""
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    lines: list[Credit | Earning] = [*credited, *earned]
    for line in lines:
        sums[line.payee_id, line.component_id] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


def measures() -> list[Any]:
    """The kept sums."""
    rows = Measure.all_rows.values_list(
        "period_on", "origin_on", "payee_id", "component_id", "department_id", "line_count", "basis_amount", "amount"
    )
    return sorted(rows)


def sums_of_lines() -> list[Any]:
    """The same sums, taken of the lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period_on, origin_on, payee_id, component_id, coalesce(department_id, 0), count(*), sum(basis_amount),"
            " sum(amount) FROM compensation_creditline GROUP BY 1, 2, 3, 4, 5"
        )
        return sorted(cursor.fetchall())


def ledger_bytes() -> list[Any]:
    """Every line of the ledger with every column, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM compensation_creditline l ORDER BY 1")
        lines = cursor.fetchall()
        cursor.execute("SELECT l::text FROM compensation_earningline l ORDER BY 1")
        return [*lines, *cursor.fetchall()]
