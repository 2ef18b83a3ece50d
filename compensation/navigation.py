"""Links of the street in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD_ROLES, Role
from compensation.ledger.policies import PAYROLL
from salesys.shell.navigation import NavItem, Section

ITEMS = [
    NavItem(
        _("My statement"),
        "wallet",
        "compensation:my_statement",
        frozenset(Role) - {Role.OWNER, Role.ADMINISTRATOR},
        Section.MONEY,
        40,
        _("pay commission salary"),
    ),
    NavItem(
        _("Statements"),
        "report-money",
        "compensation:statement_list",
        HEAD_ROLES | {Role.ACCOUNTANT},
        Section.MONEY,
        50,
        _("pay team"),
    ),
    NavItem(
        _("Pay periods"),
        "calendar-stats",
        "compensation:period_list",
        frozenset(PAYROLL),
        Section.MONEY,
        60,
        _("payroll approve close"),
    ),
    NavItem(
        _("Pay schemes"),
        "coins",
        "compensation:scheme_list",
        frozenset(PAYROLL),
        Section.SETTINGS,
        60,
        _("commission rates tiers"),
    ),
    NavItem(
        _("Runs"),
        "activity",
        "compensation:run_list",
        frozenset(PAYROLL) | {Role.ADMINISTRATOR},
        Section.SETTINGS,
        70,
        _("nightly jobs progress"),
    ),
]
