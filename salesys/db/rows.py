"""From typed fields to a checked row: every refusal names its field, its value and what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from salesys.db import clock
from salesys.kernel.errors import InvalidInput, Issue, raise_if_any

FIRST_DAY, YEARS_AHEAD = date(1990, 1, 1), 20
LATEST_START = timedelta(days=366)
"""Work that should have been done longer ago is planned by nobody: the year was mistyped."""


def set_fields(row: models.Model, fields: Mapping[str, object], allowed: Collection[str]) -> dict[str, object]:
    """Put values on a row and say what stood there before.

    Args:
        row: Changed in memory only.
        fields: Name -> value; a foreign key may be given as `<name>_id`.
        allowed: Names that may be set, foreign keys without `_id`.

    Returns:
        Name -> value before, of the fields that are changed by this.

    Raises:
        InvalidInput: A field that is not among `allowed`.
    """
    unknown = [name for name in fields if name.removesuffix("_id") not in allowed and name not in allowed]
    if unknown:
        raise InvalidInput(*(_unknown(name, fields[name]) for name in unknown))
    before: dict[str, object] = {}
    for name, value in fields.items():
        attribute = _column(row, name)
        wanted = value.pk if isinstance(value, models.Model) else value
        if getattr(row, attribute) != wanted:
            before[attribute] = getattr(row, attribute)
            setattr(row, attribute, wanted)
    return before


def check_row(row: models.Model, *, without: Collection[str] = ()) -> None:
    """Check a row's fields and unique values before it is written.

    Raises:
        InvalidInput: One issue per problem, on the field that it is about.
    """
    try:
        row.full_clean(exclude=set(without), validate_constraints=False)
    except ValidationError as error:
        raise InvalidInput(*_issues(row, error)) from None


def check_planned(**days: date | None) -> None:
    """Refuse days and instants for which nobody plans: they come of slips in the year.

    An instant counts by the day of its own time zone; one at the edge of the calendar has no day at all in some others.

    Raises:
        InvalidInput: By the names of `days`; None is no day.
    """
    last = date(clock.today().year + YEARS_AHEAD, 12, 31)
    remedy = _("Choose a day up to %s.") % last
    raise_if_any(
        Issue("out_of_range", _("This day is out of range."), name, str(on), remedy)
        for name, on in days.items()
        if on is not None and not FIRST_DAY <= _day(on) <= last
    )


def _day(on: date) -> date:
    return on.date() if isinstance(on, datetime) else on


def check_coming(*, since: date | None = None, **days: date | None) -> None:
    """Refuse days on which nobody can mean to do something: as `check_planned`, and more than a year ago.

    Args:
        since: When that about which something is done began, if it was long ago; a year before today otherwise.
        days: By their names; None is no day.

    Raises:
        InvalidInput: By the names of `days`.
    """
    check_planned(**days)
    first = clock.today() - LATEST_START
    first = min(first, since) if since is not None else first
    remedy = _("Choose %s or a later day.") % first
    raise_if_any(
        Issue("long_ago", _("This day is more than a year ago."), name, str(on), remedy)
        for name, on in days.items()
        if on is not None and on < first
    )


def _column(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return str(field.attname)


def _unknown(name: str, value: object) -> Issue:
    return Issue("unknown_field", _("This field cannot be set here."), name, str(value), _("Leave it out."))


def _issues(row: models.Model, error: ValidationError) -> list[Issue]:
    found = []
    for name, problems in error.error_dict.items():
        field = "" if name == "__all__" else name
        for problem in problems:
            value = str(getattr(row, _column(row, field)) or "")[:200] if field else ""
            found.append(Issue(problem.code or "invalid", " ".join(problem.messages), field, value))
    return found
