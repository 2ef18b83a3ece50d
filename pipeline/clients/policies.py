"""Who may do what with companies that they see."""

from __future__ import annotations

from accounts.people.models import Employee
from accounts.roles import HEAD_ROLES, SELLING_ROLES, Role
from pipeline.clients.models import Company
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Issue, NotAllowed, NotVisible

CREATORS = HEAD_ROLES | SELLING_ROLES | {Role.BASE_MANAGER}
CONTACT_EDITORS = CREATORS | {Role.TELESALES, Role.ASSISTANT}


def sees_company(user: object, company: Company) -> bool:
    """Whether the company is within the viewer's reach."""
    return bool(Company.objects.visible_to(user).filter(pk=company.pk).exists())


def can_create_company(user: object) -> bool:
    """Heads, those who sell and the base manager."""
    return viewer_for(user).role in CREATORS


def can_update_company(user: object, company: Company) -> bool:
    """Those who may create one, within their reach."""
    return viewer_for(user).role in CREATORS and sees_company(user, company)


def can_place_company(user: object) -> bool:
    """Whether the user decides on a company's direction and on the corporate list: heads, and who keeps the lead bases."""
    return viewer_for(user).role in HEAD_ROLES | {Role.BASE_MANAGER}


def can_update_contacts(user: object, company: Company) -> bool:
    """Also the person who is calling the company now and the assistant who prepares it."""
    return viewer_for(user).role in CONTACT_EDITORS and sees_company(user, company)


def can_hand_over_company(user: object, company: Company) -> bool:
    """Heads: who holds a client decides on commissions, so nobody takes one for themselves."""
    return viewer_for(user).role in HEAD_ROLES and sees_company(user, company)


def can_reassign_clients(user: object, employee_id: int) -> bool:
    """The top, and heads for the people below them and for who was below them until the dismissal."""
    viewer = viewer_for(user)
    if viewer.role not in HEAD_ROLES:
        return False
    if viewer.reach("clients") == "all" or employee_id in viewer.team_ids:
        return True
    return bool(Employee.all_rows.left_from(viewer.team_ids).filter(pk=employee_id).exists())


def require(allowed: bool, *, problem: str, remedy: str = "") -> None:
    """Raise `NotAllowed` unless `allowed`."""
    if not allowed:
        raise NotAllowed(Issue("not_allowed", problem, remedy=remedy))


def absent() -> NotVisible:
    """What an object that is absent and one that is not the viewer's both look like."""
    return NotVisible(Issue("not_found", "There is no such object."))
