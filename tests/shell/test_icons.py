"""The sprite holds every icon that a template or a view names."""

from __future__ import annotations

import re
from pathlib import Path

from salesys.shell.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""\{% icon "([a-z0-9-]+)\"""")
STREETS = ("salesys", "accounts", "pipeline", "planning", "compensation", "vip")


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    named = {name for path in (ROOT / "templates").rglob("*.html") for name in NAMED.findall(path.read_text())}

    assert named - set(ICONS) == set()


def test_every_icon_of_a_navigation_item_is_in_the_sprite() -> None:
    from salesys.shell.navigation import registered_items
    from salesys.web import navigation

    navigation.gather()

    assert {item.icon for item in registered_items()} - set(ICONS) == set()


def test_no_icon_is_listed_twice() -> None:
    assert len(ICONS) == len(set(ICONS))
