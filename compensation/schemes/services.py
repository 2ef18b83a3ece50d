"""Writing schemes: a new version from a date on, and who is paid by which scheme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import audit
from accounts.people.models import Employee, User
from compensation.engine import terms as engine
from compensation.engine.checks import scheme_issues
from compensation.schemes.models import Component, Scheme, SchemeAssignment, SchemeVersion, Tier
from compensation.schemes.policies import can_edit_schemes
from compensation.schemes.wording import in_words
from salesys.db.constraints import constraints_as_issues
from salesys.db.effective import from_date
from salesys.kernel.errors import Issue, NotAllowed, invalid, raise_if_any
from salesys.kernel.periods import DateSpan


def _require(actor: User | None) -> None:
    if actor is not None and not can_edit_schemes(actor):
        raise NotAllowed(Issue("not_your_decision", _("Pay schemes are decided by the commercial director.")))


@transaction.atomic
def create_scheme(*, actor: User | None, name: str, description: str = "") -> Scheme:
    """A scheme without versions yet.

    Raises:
        InvalidInput: The name is empty or taken.
    """
    _require(actor)
    cleaned = name.strip()
    if not cleaned:
        raise invalid("no_name", _("A scheme needs a name."), field="name", remedy=_("Write one."))
    taken = Issue("name_taken", _("There is a scheme of this name."), "name", cleaned, _("Choose another."))
    with constraints_as_issues({"compensation_scheme_name_key": taken}):
        scheme = Scheme.all_rows.create(name=cleaned, description=description.strip())
    audit.record(actor=actor, action="scheme.created", obj=scheme, after={"name": cleaned})
    return scheme


@transaction.atomic
def save_scheme_version(
    *, actor: User | None, scheme: Scheme, terms: engine.SchemeTerms, from_on: date, note: str = ""
) -> SchemeVersion:
    """Let a scheme promise these terms from a date on; the version that held until then ends on that date.

    Where a later version exists already, the new one ends where that begins. Locks the scheme's versions. What has been
    posted for dates from `from_on` on is computed again by the next run.

    Args:
        actor: Owner or director; None for the system.
        scheme: The scheme.
        terms: Its components in order, and until when a client is new.
        from_on: The first date on which the terms hold.
        note: Why they change.

    Raises:
        InvalidInput: The terms cannot be computed (each fault with its field), or a version begins on that very date.
    """
    _require(actor)
    raise_if_any(in_words(scheme_issues(terms)))
    versions = list(SchemeVersion.all_rows.select_for_update().filter(scheme=scheme).order_by("valid"))
    if any(version.valid_from == from_on for version in versions):
        raise invalid(
            "version_exists",
            _("A version of this scheme begins on that date already."),
            field="from_on",
            value=from_on,
            remedy=_("Choose another date; what was promised is not overwritten."),
        )
    later = [version.valid_from for version in versions if version.valid_from > from_on]
    for version in versions:
        if from_on in DateSpan(version.valid_from, version.valid_to):
            version.close_on(from_on)
            version.save(update_fields=["valid"])
    saved = SchemeVersion.all_rows.create(
        scheme=scheme,
        valid=from_date(from_on, min(later, default=None)),
        new_until=str(terms.new_until),
        note=note,
        saved_by=actor,
    )
    _save_components(saved, terms.components)
    audit.record(actor=actor, action="scheme.version_saved", obj=scheme, after={"from_on": from_on, "terms": _summary(terms)})
    return saved


def _summary(terms: engine.SchemeTerms) -> list[str]:
    return [f"{part.code}: {part.kind}" for part in terms.components]


def _save_components(version: SchemeVersion, parts: Sequence[engine.Component]) -> None:
    rows = Component.all_rows.bulk_create([_row(version, place, part) for place, part in enumerate(parts)])
    Tier.all_rows.bulk_create(
        Tier(component=row, position=place, lower=tier.lower, upper=tier.upper, value=tier.value)
        for row, part in zip(rows, parts, strict=True)
        for place, tier in enumerate(_tiers(part.terms))
    )


def _tiers(terms: engine.Terms) -> tuple[engine.Tier, ...]:
    match terms:
        case engine.Rate(tiers=tiers) | engine.PlanBonus(steps=tiers):
            return tiers
        case _:
            return ()


def _row(version: SchemeVersion, place: int, part: engine.Component) -> Component:
    row = Component(version=version, position=place, code=part.code, name=part.name, kind=part.kind.value)
    match part.terms:
        case engine.Salary(amount=amount):
            row.salary_amount = amount
        case engine.PlanBonus(unit=unit):
            row.step_unit = unit.value
        case engine.TeamPool(rate=rate, breakeven=breakeven):
            row.rate, row.breakeven_amount = rate, breakeven
        case engine.Rate() as rate:
            _fill_rate(row, rate)
    return row


def _fill_rate(row: Component, terms: engine.Rate) -> None:
    row.credit_role, row.basis, row.newness = terms.role.value, terms.basis.value, terms.newness.value
    # Tiers take the rate's place: no flat rate stands ready beside them that could pay if they were lost
    row.rate = engine.ZERO if terms.tiers else terms.rate
    row.floor_amount, row.cap_amount = terms.floor, terms.cap
    row.product_id, row.category, row.department_id = terms.product_id, terms.category, terms.department_id
    if terms.tiers:
        row.tier_on, row.tier_mode = terms.tier_on.value, terms.tier_mode.value


@transaction.atomic
def assign_scheme(
    *,
    actor: User | None,
    scheme: Scheme,
    employee: Employee | None = None,
    role: str = "",
    from_on: date,
    until_on: date | None = None,
) -> SchemeAssignment:
    """Pay a person, or everyone of a role who has no scheme in person, by a scheme from a date on.

    What held until then ends on that date. Locks the assignments of that person or role.

    Raises:
        InvalidInput: Neither or both of person and role, dates in the wrong order, or an assignment that begins later is
            in the way.
    """
    _require(actor)
    if (employee is None) == (not role):
        raise invalid("person_or_role", _("Choose a person or a role."), field="employee", remedy=_("Fill in one of the two."))
    valid = from_date(from_on, until_on)
    whose = {"employee": employee} if employee else {"employee__isnull": True, "role": role}
    for held in SchemeAssignment.all_rows.select_for_update().filter(**whose, valid__contains=from_on):
        if held.valid_from < from_on:
            held.close_on(from_on)
            held.save(update_fields=["valid"])
    try:
        with transaction.atomic():
            saved = SchemeAssignment.all_rows.create(scheme=scheme, employee=employee, role=role, valid=valid)
    except IntegrityError as error:
        raise invalid(
            "assignments_overlap",
            _("Another scheme is assigned on some of these dates."),
            field="from_on",
            value=from_on,
            remedy=_("End that one first, or choose dates that are free."),
        ) from error
    audit.record(
        actor=actor, action="scheme.assigned", obj=scheme, after={"employee": employee, "role": role, "from_on": from_on}
    )
    return saved


@transaction.atomic
def end_scheme_assignment(*, actor: User | None, assignment: SchemeAssignment, on: date) -> SchemeAssignment:
    """Stop paying by a scheme; `on` is the first date on which it no longer holds.

    Raises:
        InvalidInput: It would end before it began.
    """
    _require(actor)
    held = SchemeAssignment.all_rows.select_for_update().get(pk=assignment.pk)
    held.close_on(on)
    held.save(update_fields=["valid"])
    audit.record(actor=actor, action="scheme.assignment_ended", obj=held.scheme, after={"on": on})
    return held
