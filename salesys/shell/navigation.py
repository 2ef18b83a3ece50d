"""The left-hand navigation: streets register items, the shell shows those of the viewer's role.

A street or a house keeps its items in its `navigation.py` as `ITEMS`; `salesys.web.navigation` gathers them, because
the shell lies below the streets and may not import them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Section(IntEnum):
    """Where an item stands, from what a person does today down to what is set up once."""

    TODAY = 0
    CLIENTS = 1
    DEALS = 2
    CALLS = 3
    MONEY = 4
    PLAN = 5
    COMPANY = 6
    SETTINGS = 7


SECTION_LABELS: dict[Section, Text] = {
    Section.TODAY: "",
    Section.CLIENTS: _("Clients"),
    Section.DEALS: _("Deals"),
    Section.CALLS: _("Calls"),
    Section.MONEY: _("Money"),
    Section.PLAN: _("Plan"),
    Section.COMPANY: _("Company"),
    Section.SETTINGS: _("Settings"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link. `roles` empty means everyone; `keywords` are other words under which the palette finds it."""

    label: Text
    icon: str
    url_name: str
    roles: frozenset[str] = frozenset()
    section: Section = Section.COMPANY
    order: int = 50
    keywords: Text = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """One item as shown to one viewer."""

    label: Text
    icon: str
    url: str
    is_current: bool
    keywords: Text = ""


@dataclass(frozen=True, slots=True)
class NavGroup:
    """The links of one section, never empty."""

    label: Text
    links: tuple[NavLink, ...]


_items: dict[str, NavItem] = {}
_role_of: list[Callable[[HttpRequest], str]] = []


def register(items: Iterable[NavItem]) -> None:
    """Add items; the same URL name registered again replaces the first."""
    _items.update({item.url_name: item for item in items})


def registered_items() -> tuple[NavItem, ...]:
    """Every item in the order of the menu."""
    return tuple(sorted(_items.values(), key=lambda item: (item.section, item.order, item.url_name)))


def use_role_lookup(lookup: Callable[[HttpRequest], str]) -> None:
    """Tell the shell how to learn the viewer's role; called once, by `salesys.web.navigation`."""
    _role_of[:] = [lookup]


def role_of(request: HttpRequest) -> str:
    """The viewer's role value, empty for someone who is not signed in."""
    return _role_of[0](request) if _role_of and is_signed_in(request) else ""


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is behind the request; an error page may come before anybody was looked up."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def url_of(item: NavItem) -> str | None:
    """The item's address, or None where its street is not installed."""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def _matches(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def links_for(role: str, path: str) -> list[tuple[Section, NavLink]]:
    """The links that a role sees; the longest address that `path` lies under is the current one."""
    open_items = [item for item in registered_items() if not item.roles or role in item.roles]
    addressed = [(item, url) for item in open_items if (url := url_of(item)) is not None]
    current = max((url for _item, url in addressed if _matches(url, path)), key=len, default="")
    return [(item.section, NavLink(item.label, item.icon, url, url == current, item.keywords)) for item, url in addressed]


def groups_for(request: HttpRequest) -> tuple[NavGroup, ...]:
    """The navigation of one request, grouped by section; nothing before the sign-in."""
    links = links_for(role_of(request), request.path) if is_signed_in(request) else []
    return tuple(
        NavGroup(SECTION_LABELS[section], tuple(link for at, link in links if at == section))
        for section in Section
        if any(at == section for at, _link in links)
    )
