"""The lock of the street's structure: trees are checked over several people's rows before any is written."""

from __future__ import annotations

from salesys.db.locks import lock_until_commit


def lock_structure() -> None:
    """One change of departments, assignments or pairs at a time."""
    lock_until_commit("accounts.structure")
