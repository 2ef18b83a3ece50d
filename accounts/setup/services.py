"""The way from an empty installation: the company's own row, its first departments, directions and people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people import policies
from accounts.people.models import Employee, User
from accounts.people.services import hire_employee
from accounts.setup.regional import country_codes
from accounts.structure.assigning import assign_employee
from accounts.structure.models import Department, DepartmentKind, Direction
from accounts.structure.placement import Placement
from accounts.structure.services import create_department, create_direction
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.db.organisation import Organisation, forget_organisation
from salesys.kernel.errors import InvalidInput, Issue, invalid, raise_if_any

CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the first administrator says about the company; `vat_rate` is a share, 0.20 for 20 %."""

    name: str
    currency: str
    time_zone: str
    country: str
    vat_rate: Decimal


@transaction.atomic
def change_company(*, actor: User | None, facts: CompanyFacts) -> Organisation:
    """Write the company's facts; locks them.

    Raises:
        InvalidInput: A field is wrong, or the currency would change after the set-up: amounts are in it already.
    """
    lock_until_commit("salesys.organisation")
    row = Organisation.objects.filter(pk=1).first() or Organisation(pk=1)
    raise_if_any(_issues(facts, row))
    before = {name: getattr(row, name) for name in asdict(facts)} if row.name else {}
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.save()
    transaction.on_commit(forget_organisation)
    forget_organisation()
    record(actor=actor, action="company.changed", obj=row, before=before, after=asdict(facts))
    return row


def _issues(facts: CompanyFacts, row: Organisation) -> Iterator[Issue]:
    if not facts.name.strip():
        yield Issue("no_name", _("The company has a name."), "name", "", _("Write it."))
    if not CURRENCY.fullmatch(facts.currency):
        yield Issue("unknown_currency", _("A currency has three letters."), "currency", facts.currency, _("Write one like RUB."))
    elif row.set_up_at is not None and facts.currency != row.currency:
        problem = _("Amounts are recorded in %(currency)s already.") % {"currency": row.currency}
        yield Issue("currency_in_use", problem, "currency", facts.currency, _("Leave the currency as it is."))
    if facts.time_zone not in available_timezones():
        remedy = _("Choose one such as Europe/Moscow.")
        yield Issue("unknown_time_zone", _("There is no such time zone."), "time_zone", facts.time_zone, remedy)
    if facts.country not in country_codes():
        yield Issue(
            "unknown_country", _("The calendar of this country is not known."), "country", facts.country, _("Choose one.")
        )
    if not 0 <= facts.vat_rate < 1:
        yield Issue("vat_rate_range", _("The VAT rate is a share below 1."), "vat_rate", str(facts.vat_rate), _("Write 0.20."))


@transaction.atomic
def open_departments(*, actor: User, names: Mapping[str, str]) -> list[Department]:
    """Open several departments at the top of the tree at once, or none of them; locks the structure.

    Args:
        names: Kind of department -> name.

    Raises:
        InvalidInput: A name is missing or taken; the issue's field is `name_<kind>`.
    """
    opened = []
    for kind, name in names.items():
        try:
            opened.append(create_department(actor=actor, name=name, kind=kind))
        except InvalidInput as error:
            raise InvalidInput(*(replace(issue, field=f"name_{kind}") for issue in error.issues)) from None
    return opened


@transaction.atomic
def open_directions(*, actor: User, names: Sequence[str]) -> list[Direction]:
    """Open several industry directions at once, or none of them.

    Raises:
        InvalidInput: A name is too long or taken; the issue's field is `names`, its value the name.
    """
    opened = []
    for name in names:
        try:
            opened.append(create_direction(actor=actor, name=name))
        except InvalidInput as error:
            raise InvalidInput(*(replace(issue, field="names", value=name) for issue in error.issues)) from None
    return opened


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One of the first people: `email` empty means no sign-in yet."""

    full_name: str
    hired_on: date
    email: str = ""
    code: str = ""


@transaction.atomic
def hire_first(*, actor: User, newcomer: Newcomer, placement: Placement) -> Employee:
    """Hire a person and say where they stand, from the first day on; locks the structure.

    Raises:
        InvalidInput: As `hire_employee` and `assign_employee`, or a top role that is no longer the administrator's to give.
    """
    employee = hire_employee(actor=actor, **asdict(newcomer))
    if not policies.can_place(actor, employee, placement.role):
        raise invalid(
            "not_yours_to_give",
            _("Only the owner or the commercial director gives this role, once one of them is there."),
            field="role",
            value=placement.role.label,
            remedy=_("Choose another role; they sign in and add the other."),
        )
    assign_employee(actor=actor, employee=employee, placement=placement, from_on=newcomer.hired_on)
    return employee


SUGGESTED = frozenset(
    {
        DepartmentKind.ACTIVE,
        DepartmentKind.CLIENT,
        DepartmentKind.TELESALES,
        DepartmentKind.ASSISTANTS,
        DepartmentKind.BACK_OFFICE,
    }
)
"""What the conveyor needs from its first day on: hunters, farmers, callers, their assistants, and who keeps the books."""


@transaction.atomic
def finish_setup(*, actor: User) -> Organisation:
    """Say that the set-up is done; done already changes nothing.

    Raises:
        InvalidInput: The company, a department or a person is still missing.
    """
    lock_until_commit("salesys.organisation")
    row = Organisation.objects.filter(pk=1).first()
    if row is None:
        raise invalid("no_company", _("The company is not described yet."), field="name", remedy=_("Fill in the first step."))
    if not Department.all_rows.exists():
        raise invalid("no_department", _("There is no department yet."), field="departments", remedy=_("Add one."))
    if not Employee.all_rows.beside_first_administrator().exists():
        raise invalid("no_people", _("Nobody is hired yet."), field="people", remedy=_("Hire the owner or a head first."))
    if row.set_up_at is None:
        row.set_up_at = clock.now()
        row.save(update_fields=["set_up_at"])
        transaction.on_commit(forget_organisation)
        forget_organisation()
        record(actor=actor, action="company.set_up", obj=row)
    return row
