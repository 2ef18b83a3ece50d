"""Schemes with their versions and the people they pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from compensation.engine.terms import Component
from compensation.schemes.models import Scheme, SchemeAssignment, SchemeVersion
from compensation.schemes.terms import components_of


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with its components."""

    version: SchemeVersion
    components: Sequence[Component]


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """A scheme with the version that holds on a date, and whom it pays then."""

    scheme: Scheme
    version: SchemeVersion | None
    components: Sequence[Component]
    assignments: Sequence[SchemeAssignment]


def versions_of(scheme: Scheme) -> list[VersionView]:
    """All versions of a scheme, the newest first; 3 SQL statements."""
    versions = list(SchemeVersion.all_rows.filter(scheme=scheme).select_related("saved_by__employee").order_by("-valid"))
    parts = components_of([version.pk for version in versions])
    return [VersionView(version, [part for _id, part in parts[version.pk]]) for version in versions]


def latest_version(scheme: Scheme) -> VersionView | None:
    """The version that begins last; 3 SQL statements."""
    found = versions_of(scheme)
    return found[0] if found else None


def summaries(schemes: Iterable[Scheme], on: date) -> list[SchemeSummary]:
    """Each scheme as it stands on a date, in the order given; 4 SQL statements."""
    chosen = list(schemes)
    versions = {version.scheme_id: version for version in SchemeVersion.all_rows.filter(scheme__in=chosen, valid__contains=on)}
    parts = components_of([version.pk for version in versions.values()])
    by_scheme: dict[int, list[SchemeAssignment]] = {}
    for row in SchemeAssignment.all_rows.filter(scheme__in=chosen, valid__contains=on).select_related("employee"):
        by_scheme.setdefault(row.scheme_id, []).append(row)
    return [
        SchemeSummary(
            scheme,
            versions.get(scheme.pk),
            [part for _id, part in parts[versions[scheme.pk].pk]] if scheme.pk in versions else [],
            by_scheme.get(scheme.pk, []),
        )
        for scheme in chosen
    ]


def assignments_of(scheme: Scheme) -> list[SchemeAssignment]:
    """Who has been paid by a scheme, the latest first; 1 SQL statement."""
    return list(SchemeAssignment.all_rows.filter(scheme=scheme).select_related("employee").order_by("-valid"))
