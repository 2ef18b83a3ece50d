"""The database's refusals as errors that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from salesys.kernel.errors import InvalidInput, Issue


@contextmanager
def constraints_as_issues(issues: Mapping[str, Issue]) -> Iterator[None]:
    """Turn the refusal of a named constraint into `InvalidInput`; what was written inside is undone.

    Args:
        issues: Name of the constraint -> what to tell the person. Other refusals are raised on as they are.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        issue = issues.get(constraint_name(error))
        if issue is None:
            raise
        raise InvalidInput(issue) from error


def constraint_name(error: IntegrityError) -> str:
    """The constraint that refused, empty when the database names none."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
