"""What the street puts into the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD_ROLES, TOP_ROLES, Role
from salesys.shell.navigation import NavItem, Section

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.HR})

ITEMS = [
    NavItem(_("Structure"), "sitemap", "accounts:structure", frozenset(HEAD_ROLES | KEEPERS), Section.COMPANY, 10),
    NavItem(_("People"), "users", "accounts:people", frozenset(HEAD_ROLES | KEEPERS), Section.COMPANY, 20),
    NavItem(_("Opened contacts"), "eye", "accounts:reveals", frozenset(HEAD_ROLES), Section.COMPANY, 60),
    NavItem(_("Contact budgets"), "eye", "accounts:budgets", frozenset(TOP_ROLES | {Role.ADMINISTRATOR}), Section.SETTINGS, 45),
    NavItem(_("Audit trail"), "list-check", "accounts:audit", frozenset(TOP_ROLES | {Role.ADMINISTRATOR}), Section.SETTINGS, 40),
    NavItem(_("API tokens"), "key", "accounts:tokens", frozenset({Role.ADMINISTRATOR}), Section.SETTINGS, 50),
    NavItem(_("Company settings"), "settings", "accounts:setup", frozenset({Role.ADMINISTRATOR}), Section.SETTINGS, 10),
]
