"""Who may do what with money."""

from __future__ import annotations

from accounts.access.gate import has_role
from accounts.roles import HEAD_ROLES, Role
from pipeline.deals.models import Deal
from pipeline.money.models import Payment
from salesys.db.scope import viewer_for

BOOKKEEPERS = (Role.ACCOUNTANT, Role.OWNER, Role.COMMERCIAL_DIRECTOR)
"""Record payments and refunds, load files, watch what is owed."""

SIGNERS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.INDUSTRY_HEAD, Role.SELLER, Role.CLIENT_MANAGER, Role.VIP_MANAGER)
"""Sign contracts, each for the deals that they see."""


def can_record_payment(user: object) -> bool:
    """Whether the user may enter payments, one by one or from a file."""
    return has_role(user, *BOOKKEEPERS)


def can_refund_payment(user: object, payment: Payment) -> bool:
    """Whether the user may record money that went back; a refund itself is not refunded."""
    return can_record_payment(user) and not payment.is_refund


def can_set_direct_cost(user: object, seller_id: int | None) -> bool:
    """Bookkeepers, and heads for what others sell: commissions are paid on the margin, so nobody sets the cost of their own."""
    viewer = viewer_for(user)
    return has_role(user, *BOOKKEEPERS) or (viewer.role in HEAD_ROLES and viewer.employee_id != seller_id)


def can_sign_contract(user: object, deal: Deal) -> bool:
    """Whether the user may turn this deal into a contract."""
    return has_role(user, *SIGNERS) and Deal.objects.visible_to(user).filter(pk=deal.pk).exists()
