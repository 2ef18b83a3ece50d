"""Links of the street in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD_ROLES, SELLING_ROLES, TOP_ROLES, Role
from planning.policies import PLAN_ROLES
from salesys.shell.navigation import NavItem, Section

ITEMS = [
    NavItem(
        _("Plan"),
        "target-arrow",
        "planning:plans",
        frozenset(PLAN_ROLES) - {Role.TELESALES, Role.ASSISTANT},
        Section.PLAN,
        10,
        _("goal year"),
    ),
    NavItem(_("Team"), "users-group", "planning:team", HEAD_ROLES, Section.PLAN, 20, _("plan fact conveyor")),
    NavItem(
        _("My days"),
        "calendar-stats",
        "planning:my_days",
        SELLING_ROLES | {Role.TELESALES, Role.ASSISTANT},
        Section.PLAN,
        30,
        _("norms"),
    ),
    NavItem(_("Norms"), "adjustments", "planning:norms", TOP_ROLES | {Role.MARKETER}, Section.SETTINGS, 40),
    NavItem(
        _("Calendar"),
        "calendar",
        "planning:calendar",
        TOP_ROLES | {Role.HR, Role.ADMINISTRATOR},
        Section.SETTINGS,
        50,
        _("working days"),
    ),
]
