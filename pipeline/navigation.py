"""What the street puts into the menu; money and leads have items of their own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD_ROLES, SELLING_ROLES, Role
from pipeline.overview.views import LIST_READERS
from salesys.shell.navigation import NavItem, Section

ROLES_WITH_TASKS = frozenset(role for role in Role if role is not Role.ADMINISTRATOR)

ITEMS = [
    NavItem(
        _("Calls"), "headset", "pipeline:cockpit", frozenset({Role.TELESALES}), Section.TODAY, 10, _("dial cockpit next company")
    ),
    NavItem(
        _("Next card"), "notes", "pipeline:research_next", frozenset({Role.ASSISTANT}), Section.TODAY, 10, _("research brief")
    ),
    NavItem(_("Tasks"), "checklist", "pipeline:task_list", ROLES_WITH_TASKS, Section.TODAY, 20, _("to do research letters")),
    NavItem(
        _("Companies"), "building", "pipeline:company_list", LIST_READERS, Section.CLIENTS, 10, _("clients leads base contacts")
    ),
    NavItem(
        _("Deals"),
        "layout-kanban",
        "pipeline:deal_board",
        HEAD_ROLES | SELLING_ROLES | {Role.TELESALES},
        Section.DEALS,
        10,
        _("board funnel"),
    ),
    NavItem(
        _("Call lists"),
        "list",
        "pipeline:call_lists",
        HEAD_ROLES | {Role.BASE_MANAGER, Role.TELESALES},
        Section.CALLS,
        10,
        _("bases scripts"),
    ),
    NavItem(
        _("Call log"),
        "history",
        "pipeline:call_log",
        HEAD_ROLES | SELLING_ROLES | {Role.TELESALES},
        Section.CALLS,
        20,
        _("calls notes"),
    ),
]
