"""Gathers the navigation items of every street; importing it once is enough."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from salesys.db.scope import viewer_for
from salesys.shell.navigation import NavItem, Section, register, use_role_lookup

STREETS = ("accounts", "pipeline", "planning", "compensation", "vip", "salesys.operations", "salesys.api")

HOME = NavItem(_("Home"), "home", "home", section=Section.TODAY, order=0, keywords=_("start today"))


def role_of(request: HttpRequest) -> str:
    """The role that the navigation is for."""
    return viewer_for(request.user).role


def gather() -> None:
    """Register the home page and the `ITEMS` of each street that has a `navigation.py`."""
    register([HOME])
    for street in STREETS:
        name = f"{street}.navigation"
        if find_spec(name) is not None:
            register(import_module(name).ITEMS)
    use_role_lookup(role_of)


gather()
