"""Schemes of pay for every role, and commissions of all months, the past ones closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.roles import Role
from compensation.engine.newness import FIRST_DEAL, NewUntil, NewUntilRule
from compensation.ledger.commissions import run_commissions
from compensation.ledger.services import settle_past_periods
from compensation.schemes.examples import create_example_schemes, salary_terms
from compensation.schemes.models import Scheme
from compensation.schemes.services import assign_scheme, create_scheme, save_scheme_version
from pipeline.money.models import Payment
from salesys.db import clock
from salesys.demo.planning_year import user_of
from salesys.demo.setting import Setting
from salesys.kernel.periods import Month

FIXED = Decimal(70_000)
FIXED_ROLES = (
    Role.ACCOUNTANT,
    Role.HR,
    Role.MARKETER,
    Role.BASE_MANAGER,
    Role.ADMINISTRATOR,
)
BREAKEVEN = Decimal(1_000_000)
DIRECTORS = Decimal(250_000)
RUN_KEY = "demo"
NEW_IN_FILES = NewUntil(NewUntilRule.DAYS, 300)
"""In published files nearly every client begins in the first weeks: by its first deal alone, hardly any money would be new."""


def set_schemes(setting: Setting) -> None:
    """The example schemes for those who sell and support selling, a salary for the others."""
    if Scheme.all_rows.exists():
        return
    actor = user_of(Role.COMMERCIAL_DIRECTOR)
    first = Payment.all_rows.aggregate(first=Min("paid_on"))["first"] or clock.today()
    from_on = Month.of(first).first
    unit = setting.words.scale
    breakeven = (BREAKEVEN * unit).quantize(Decimal("0.01"))
    new_until = NEW_IN_FILES if setting.of_files else FIRST_DEAL
    create_example_schemes(actor=actor, from_on=from_on, unit=unit, breakeven=breakeven, new_until=new_until)
    _pay_salary(_("Fixed salary"), FIXED * unit, FIXED_ROLES, from_on)
    _pay_salary(_("Director"), DIRECTORS * unit, (Role.COMMERCIAL_DIRECTOR,), from_on)


def _pay_salary(name: str, amount: Decimal, roles: Sequence[Role], from_on: date) -> None:
    actor = user_of(Role.OWNER)
    scheme = create_scheme(actor=actor, name=name)
    save_scheme_version(actor=actor, scheme=scheme, terms=salary_terms(amount), from_on=from_on)
    for role in roles:
        assign_scheme(actor=actor, scheme=scheme, role=role, from_on=from_on)


def close_months() -> None:
    """Compute everything up to today; the director approves the months that are over, the accountant closes them."""
    accountant = user_of(Role.ACCOUNTANT)
    run_commissions(actor=accountant, as_of=clock.today(), key=RUN_KEY, again=False)
    settle_past_periods(author=accountant, approver=user_of(Role.COMMERCIAL_DIRECTOR), before=clock.today())
