"""What a refusal of the database means: a value that cannot be stored, a row that is there already, or too much at once."""

from __future__ import annotations

from enum import Enum

from django.db import DatabaseError, DataError, IntegrityError, OperationalError

BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes: serialization failure, deadlock, lock timeout. The transaction is undone, and sent again it succeeds."""


class Refusal(Enum):
    """What whoever sent the request can do about it."""

    UNSTORABLE = "unstorable"
    """A value is out of the range of its column: send another."""
    TAKEN = "taken"
    """It contradicts a row that is there: look, and decide again."""
    BUSY = "busy"
    """Two deeds wanted the same rows in different order: send it again as it is."""


def refusal_of(error: BaseException) -> Refusal | None:
    """What an error of the database or its driver means; None for one that is a fault of ours."""
    if isinstance(error, DataError) or (isinstance(error, ValueError) and "NUL (0x00)" in str(error)):
        return Refusal.UNSTORABLE
    if isinstance(error, IntegrityError):
        return Refusal.TAKEN
    if isinstance(error, OperationalError) and sqlstate(error) in BUSY_STATES:
        return Refusal.BUSY
    return None


def sqlstate(error: DatabaseError) -> str:
    """PostgreSQL's code of an error, empty when the database was not reached."""
    return getattr(error.__cause__, "pgcode", None) or ""
