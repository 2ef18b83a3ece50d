"""One start page per role: what this person does next, plan and fact, and only what they may see."""

from __future__ import annotations

from salesys.db.scope import Viewer
from salesys.web.home.page import HomePage

__all__ = ["HomePage", "page_for"]


def page_for(viewer: Viewer) -> HomePage:
    """The start page of the viewer's role."""
    return HomePage("web/home/plain.html", {"viewer": viewer})
