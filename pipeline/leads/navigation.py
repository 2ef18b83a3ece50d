"""Imports in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pipeline.leads.policies import DECIDERS
from salesys.shell.navigation import NavItem, Section

ITEMS = [
    NavItem(
        _("Import issues"), "file-import", "pipeline:issue_list", frozenset(DECIDERS), Section.SETTINGS, 20, _("bases dirty rows")
    ),
]
