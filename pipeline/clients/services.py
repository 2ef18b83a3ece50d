"""Companies and contacts: who may write them is in `policies.py`, who holds them in `relationships.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from accounts.roles import Role
from pipeline.clients import policies
from pipeline.clients.duplicates import refuse_duplicate, tax_number_issue
from pipeline.clients.models import Company, Contact, Relationship
from pipeline.clients.relationships import hand_over_company, open_relationships, reassign_clients_of, take_relationship
from salesys.db import clock
from salesys.db.constraints import constraints_as_issues
from salesys.db.organisation import check_time_zone, organisation
from salesys.db.rows import check_row, set_fields
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, Issue, invalid

__all__ = [
    "add_contact",
    "create_company",
    "hand_over_company",
    "open_relationships",
    "reassign_clients_of",
    "take_relationship",
    "update_company",
    "update_contact",
]

COMPANY_FIELDS = frozenset(
    {"name", "industry", "direction", "parent", "tax_id", "city", "time_zone", "website", "founded_year", "employee_count"}
    | {"annual_revenue", "is_corporate", "source"}
)
CONTACT_FIELDS = frozenset({"full_name", "position", "phone", "email", "is_decision_maker", "note"})
GENERATED = ("name_key", "name_trigrams")
OPENING_KIND = {
    Role.SELLER: Relationship.Kind.HUNTER,
    Role.CLIENT_MANAGER: Relationship.Kind.ACCOUNT_MANAGER,
    Role.VIP_MANAGER: Relationship.Kind.VIP,
}
"""Whoever sells and adds a company holds it from that day on; without that they would not see it again."""


@transaction.atomic
def create_company(*, actor: User | None, fields: Mapping[str, object]) -> Company:
    """Add a client or lead; one who sells becomes its holder at once.

    Args:
        actor: None for the system's own jobs.
        fields: Of `COMPANY_FIELDS`; `name` is required. A head's company gets the head's direction unless another is given.

    Returns:
        The company as written.

    Raises:
        HeldElsewhere: A company beyond the actor's reach has the tax number; see `duplicates_told`.
        InvalidInput: A field that is wrong, or a tax number that another company has.
        NotAllowed: The actor's role does not add companies.
    """
    company = Company()
    if actor is not None:
        policies.require(policies.can_create_company(actor), problem=_("Your role does not add companies."))
        company.direction_id = _only_direction(actor)
    was = (company.direction_id, company.is_corporate)
    # A direction left open is the actor's own
    typed = {name: value for name, value in _tidy_company(fields).items() if name != "direction" or value is not None}
    set_fields(company, typed, COMPANY_FIELDS)
    _require_placing(actor, company, was)
    _save_company(actor, company)
    record(actor=actor, action="company.created", obj=company, after={"name": company.name})
    viewer = viewer_for(actor) if actor is not None else None
    if viewer and viewer.employee_id and (kind := OPENING_KIND.get(Role(viewer.role))):
        holder = Employee.all_rows.get(pk=viewer.employee_id)
        take_relationship(actor=actor, company=company, employee=holder, kind=kind, from_on=clock.today())
    return company


@transaction.atomic
def update_company(*, actor: User | None, company: Company, fields: Mapping[str, object], version: str = "") -> Company:
    """Change some fields of a company; locks its row.

    Args:
        actor: None for the system's own jobs.
        company: Read through the scope by the caller.
        fields: The fields to change, of `COMPANY_FIELDS`.
        version: `version_of(company)` as the form saw it; empty to overwrite whatever is there.

    Raises:
        Conflict: Somebody changed the company meanwhile.
        HeldElsewhere, InvalidInput, NotAllowed: As for `create_company`.
    """
    if actor is not None:
        policies.require(policies.can_update_company(actor, company), problem=_("Your role does not change companies."))
    row = Company.all_rows.select_for_update(of=("self",)).get(pk=company.pk)
    if version and version != version_of(row):
        raise changed_meanwhile()
    was = (row.direction_id, row.is_corporate)
    before = set_fields(row, _tidy_company(fields), COMPANY_FIELDS)
    if before:
        _require_placing(actor, row, was)
        _save_company(actor, row)
        record(actor=actor, action="company.updated", obj=row, before=before, after={name: getattr(row, name) for name in before})
    return row


@transaction.atomic
def add_contact(*, actor: User | None, company: Company, fields: Mapping[str, object]) -> Contact:
    """Add a person at a company.

    Args:
        actor: None for the system's own jobs.
        company: Read through the scope by the caller.
        fields: Of `CONTACT_FIELDS`; `full_name` is required. A phone is stored as E.164.

    Raises:
        InvalidInput: A field that is wrong.
        NotAllowed: The actor may not change contacts of this company.
    """
    _require_contacts(actor, company)
    contact = Contact(company=company)
    set_fields(contact, _tidy_contact(fields), CONTACT_FIELDS)
    check_row(contact)
    contact.save()
    record(actor=actor, action="contact.added", obj=contact, after={"company": company.pk, "full_name": contact.full_name})
    return contact


@transaction.atomic
def update_contact(*, actor: User | None, contact: Contact, fields: Mapping[str, object], version: str = "") -> Contact:
    """Change some fields of a contact; locks its row. Arguments and errors as for `update_company`."""
    _require_contacts(actor, contact.company)
    row = cast("Contact", Contact.all_rows.select_for_update(of=("self",)).get(pk=contact.pk))
    if version and version != version_of(row):
        raise changed_meanwhile()
    before = set_fields(row, _tidy_contact(fields), CONTACT_FIELDS)
    if before:
        check_row(row)
        row.save()
        record(actor=actor, action="contact.updated", obj=row, before=before, after={name: getattr(row, name) for name in before})
    return row


def version_of(row: Company | Contact) -> str:
    """Tells whether a row was changed between showing a form and sending it."""
    return str(int(row.updated_at.timestamp() * 1_000_000))


def changed_meanwhile() -> Conflict:
    """Somebody else saved the same row first."""
    return Conflict(
        Issue("changed_meanwhile", _("Somebody changed this meanwhile."), remedy=_("Reload the page and decide again."))
    )


def normal_phone(text: str) -> str:
    """A phone number in E.164; numbers without a country code belong to the company's country.

    Raises:
        InvalidInput: This cannot be a phone number.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, organisation().country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise invalid(
            "not_a_phone",
            _("This is not a phone number."),
            field="phone",
            value=text,
            remedy=_("Write it with its country code, like +7 495 555-01-23."),
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _tidy_company(fields: Mapping[str, object]) -> dict[str, object]:
    """Stripped texts; no tax number is NULL, because two empty ones are not the same company."""
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if "tax_id" in tidy:
        tidy["tax_id"] = tidy["tax_id"] or None
    return tidy


def _tidy_contact(fields: Mapping[str, object]) -> dict[str, object]:
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if tidy.get("phone"):
        tidy["phone"] = normal_phone(str(tidy["phone"]))
    return tidy


def _save_company(actor: User | None, company: Company) -> None:
    refuse_duplicate(actor=actor, company=company)
    _check_company(company)
    # An import does not wait for the number's lock
    with constraints_as_issues({"pipeline_company_tax_id_key": tax_number_issue(str(company.tax_id))}):
        company.save()


def _check_company(company: Company) -> None:
    check_row(company, without=GENERATED)
    if company.time_zone:
        try:
            check_time_zone(company.time_zone)
        except ValidationError:
            raise _no_such_zone(company.time_zone) from None
    if company.parent_id and company.pk and _is_below(company.parent_id, company.pk):
        raise invalid(
            "parent_circle",
            _("A company cannot belong to one of its own subsidiaries."),
            field="parent",
            value=company.parent_id,
            remedy=_("Choose another parent."),
        )


def _no_such_zone(name: str) -> Exception:
    return invalid(
        "no_such_time_zone",
        _("There is no such time zone."),
        field="time_zone",
        value=name,
        remedy=_("Choose one such as Europe/Moscow."),
    )


def _is_below(company_id: int, top_id: int) -> bool:
    """Whether `top_id` is the company itself or stands above it."""
    seen: set[int] = set()
    above: int | None = company_id
    while above is not None and above not in seen:
        if above == top_id:
            return True
        seen.add(above)
        above = Company.all_rows.filter(pk=above).values_list("parent_id", flat=True).first()
    return False


def _only_direction(actor: User) -> int | None:
    directions = viewer_for(actor).direction_ids
    return next(iter(directions)) if len(directions) == 1 else None


def _require_placing(actor: User | None, company: Company, was: tuple[int | None, bool]) -> None:
    """Direction and corporate list decide who sees a client beside its holder, so its holder does not choose them.

    Args:
        actor: Who writes; None for the system.
        company: As it would be written.
        was: Direction and whether corporate before.
    """
    if actor is None or policies.can_place_company(actor):
        return
    is_moved = company.direction_id != was[0] and company.direction_id not in viewer_for(actor).direction_ids
    field = "direction" if is_moved else "is_corporate" if company.is_corporate != was[1] else ""
    if field:
        problem = _("This decides who sees the client, and is decided by heads.")
        value = getattr(company, field)
        raise invalid("not_yours_to_place", problem, field=field, value=value, remedy=_("Ask your head."))


def _require_contacts(actor: User | None, company: Company) -> None:
    if actor is not None:
        policies.require(policies.can_update_contacts(actor, company), problem=_("You may not change contacts of this company."))
