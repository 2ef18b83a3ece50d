"""The narrow roles of the conveyor, and who stands at which functional level."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does; one at a time, by assignment."""

    OWNER = "owner", _("owner")
    COMMERCIAL_DIRECTOR = "commercial_director", _("commercial director")
    INDUSTRY_HEAD = "industry_head", _("industry head")
    SELLER = "seller", _("seller")
    TELESALES = "telesales", _("telesales")
    ASSISTANT = "assistant", _("assistant")
    CLIENT_MANAGER = "client_manager", _("client manager")
    VIP_MANAGER = "vip_manager", _("VIP manager")
    BASE_MANAGER = "base_manager", _("base manager")
    MARKETER = "marketer", _("marketer")
    ACCOUNTANT = "accountant", _("accountant")
    HR = "hr", _("HR")
    ADMINISTRATOR = "administrator", _("administrator")


TOP_ROLES = frozenset({Role.OWNER, Role.COMMERCIAL_DIRECTOR})
"""See the whole company."""

HEAD_ROLES = TOP_ROLES | {Role.INDUSTRY_HEAD}
"""Answer for other people's work."""

SELLING_ROLES = frozenset({Role.SELLER, Role.CLIENT_MANAGER, Role.VIP_MANAGER})
"""Hold relationships with clients and carry a plan of payments."""
