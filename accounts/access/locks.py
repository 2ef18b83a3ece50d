"""Transaction-long locks of the street, so that two checks cannot both pass before either writes."""

from __future__ import annotations

from django.db import connection


def lock(name: str) -> None:
    """Wait for the lock `name` and keep it until the transaction ends.

    Raises:
        RuntimeError: Called outside a transaction, where it would be given back at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The lock {name!r} must be taken in a transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_structure() -> None:
    """One change of departments, assignments or pairs at a time: trees are checked over several people's rows."""
    lock("accounts.structure")
