"""Gathers the navigation items of every street and house; importing it once is enough."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from salesys.db.scope import viewer_for
from salesys.shell.navigation import NavItem, Section, register, use_role_lookup

STREETS = ("accounts", "pipeline", "planning", "compensation", "vip", "salesys.operations", "salesys.api")

HOME = NavItem(_("Home"), "home", "home", section=Section.TODAY, order=0, keywords=_("start today"))


def role_of(request: HttpRequest) -> str:
    """The role that the navigation is for."""
    return viewer_for(request.user).role


def modules() -> Iterator[str]:
    """Names of the `navigation.py` that exist: of each street, and of each of its houses."""
    for street in STREETS:
        houses = (name for _finder, name, is_package in iter_modules(import_module(street).__path__) if is_package)
        for name in (street, *(f"{street}.{house}" for house in sorted(houses))):
            if find_spec(f"{name}.navigation") is not None:
                yield f"{name}.navigation"


def gather() -> None:
    """Register the home page and the `ITEMS` of every street and house that has some."""
    register([HOME])
    for name in modules():
        register(import_module(name).ITEMS)
    use_role_lookup(role_of)


gather()
