"""Locks that last until the transaction ends: whoever needs the same name waits, nobody forgets to give it back."""

from __future__ import annotations

from django.db import connection


def lock_until_commit(*names: str, shared: bool = False) -> None:
    """Take the advisory locks `names` in one order, so that two transactions that need the same ones never deadlock.

    Args:
        names: What is locked, such as `payment:BANK-17`.
        shared: Let other shared holders in; only exclusive ones wait.

    Raises:
        RuntimeError: Called outside a transaction: the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"Locks {names} are held until the end of a transaction, and there is none.")
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
