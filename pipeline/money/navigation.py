"""Money in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from salesys.shell.navigation import NavItem, Section

SEE_MONEY = frozenset(
    {
        Role.OWNER,
        Role.COMMERCIAL_DIRECTOR,
        Role.INDUSTRY_HEAD,
        Role.SELLER,
        Role.CLIENT_MANAGER,
        Role.VIP_MANAGER,
        Role.ACCOUNTANT,
    }
)

ITEMS = [
    NavItem(_("Payments"), "cash", "pipeline:payment_list", SEE_MONEY, Section.MONEY, 10, _("money refunds bank")),
    NavItem(_("Contracts"), "contract", "pipeline:contract_list", SEE_MONEY, Section.MONEY, 20, _("agreements")),
    NavItem(_("Receivables"), "hourglass", "pipeline:receivables", SEE_MONEY, Section.MONEY, 30, _("debts owed overdue")),
]
