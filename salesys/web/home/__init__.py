"""One start page per role: what this person does next, plan and fact, and only what they may see."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.roles import Role
from salesys.db import clock
from salesys.db.scope import Viewer
from salesys.web.home import company, conveyor, office, selling
from salesys.web.home.page import Builder, HomePage

__all__ = ["HomePage", "page_for"]

BUILDERS: Mapping[str, Builder] = {
    Role.OWNER: company.owner,
    Role.COMMERCIAL_DIRECTOR: company.commercial_director,
    Role.INDUSTRY_HEAD: selling.industry_head,
    Role.SELLER: selling.seller,
    Role.TELESALES: conveyor.telesales,
    Role.ASSISTANT: conveyor.assistant,
    Role.CLIENT_MANAGER: selling.client_manager,
    Role.VIP_MANAGER: selling.vip_manager,
    Role.BASE_MANAGER: office.base_manager,
    Role.MARKETER: office.marketer,
    Role.ACCOUNTANT: office.accountant,
    Role.HR: office.hr,
    Role.ADMINISTRATOR: office.administrator,
}


def page_for(viewer: Viewer) -> HomePage:
    """The start page of the viewer's role; somebody without an assignment learns whom to ask."""
    builder = BUILDERS.get(viewer.role)
    return builder(viewer, clock.today()) if builder else HomePage("web/home/plain.html")
