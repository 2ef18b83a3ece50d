"""The company's own row: name, currency, time zone, country, VAT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from zoneinfo import available_timezones

import holidays
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from accounts.structure.models import Department
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.db.organisation import Organisation, forget_organisation
from salesys.kernel.errors import Issue, invalid, raise_if_any

CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the first administrator says about the company; `vat_rate` is a share, 0.20 for 20 %."""

    name: str
    currency: str
    time_zone: str
    country: str
    vat_rate: Decimal


def countries() -> dict[str, str]:
    """ISO 3166 codes of the countries whose holidays are known, with their names."""
    return {code: code for code in sorted(holidays.list_supported_countries(include_aliases=False))}


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
    if facts.country not in countries():
        yield Issue(
            "unknown_country", _("The calendar of this country is not known."), "country", facts.country, _("Choose one.")
        )
    if not 0 <= facts.vat_rate < 1:
        yield Issue("vat_rate_range", _("The VAT rate is a share below 1."), "vat_rate", str(facts.vat_rate), _("Write 0.20."))


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
    if not Employee.all_rows.exists():
        raise invalid("no_people", _("Nobody is hired yet."), field="people", remedy=_("Hire the owner or a head first."))
    if row.set_up_at is None:
        row.set_up_at = clock.now()
        row.save(update_fields=["set_up_at"])
        transaction.on_commit(forget_organisation)
        forget_organisation()
        record(actor=actor, action="company.set_up", obj=row)
    return row
