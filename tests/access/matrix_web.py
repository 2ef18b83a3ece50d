"""What each role gets from the start page, search and preferences."""

from __future__ import annotations

from tests.access.rows import Row, every

ROWS = [
    Row("home", every(), unassigned=200),
    Row("search", every(), query="q=zarya", unassigned=200),
    Row("palette", every(), query="q=zarya", unassigned=200),
    Row("preferences", every(302), method="post", data=lambda _company: {"theme": "dark"}, unassigned=302),
    Row("preferences", every(405), note="is no page"),
    Row("language", every(302), method="post", data=lambda _company: {"language": "ru"}, unassigned=302, anonymous=302),
    Row("manifest", every(), anonymous=200, unassigned=200),
    Row("offline", every(), anonymous=200, unassigned=200),
    Row("offline_worker", every(), anonymous=200, unassigned=200),
]
