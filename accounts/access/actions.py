"""What people call the deeds of the audit trail: the one registry of action -> label, by what they concern.

Each action that anything records has its label here (`tests/accounts/access/test_actions.py` reads the code and says so).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, Promise]

SIGNING_IN: Labels = {
    "sign_in.succeeded": _("signed in"),
    "sign_in.failed": _("sign-in refused"),
    "sign_in.ended": _("signed out"),
    "account.opened": _("sign-in opened"),
    "account.changed": _("address of the sign-in changed"),
    "account.invited": _("invitation shown"),
    "account.invitation_ended": _("invitation ended"),
    "account.sessions_ended": _("all sessions ended"),
    "account.closed": _("sign-in closed"),
    "password.changed": _("password changed"),
    "password.set": _("password set by a link"),
    "token.issued": _("API token issued"),
    "token.revoked": _("API token revoked"),
}
PEOPLE: Labels = {
    "employee.hired": _("person hired"),
    "employee.dismissed": _("person dismissed"),
    "assignment.changed": _("place of a person changed"),
    "assignment.corrected": _("change of place corrected"),
    "assignment.withdrawn": _("change of place taken back"),
    "pair.formed": _("pair formed"),
    "pair.ended": _("pair ended"),
    "department.created": _("department opened"),
    "department.changed": _("department changed"),
    "department.moved": _("department moved"),
    "direction.created": _("direction opened"),
    "direction.changed": _("direction changed"),
    "reveal_budget.changed": _("contact budget of a role set"),
    "personal_budget.changed": _("contact budget of a person set"),
    "personal_budget.removed": _("contact budget of a person removed"),
    "company.changed": _("company settings changed"),
    "company.set_up": _("company set up"),
    "demo.loaded": _("demonstration data loaded"),
}
CLIENTS: Labels = {
    "company.created": _("company added"),
    "company.updated": _("company changed"),
    "contact.added": _("contact added"),
    "contact.updated": _("contact changed"),
    "contact.opened": _("contact opened"),
    "contact.refused": _("opening of a contact refused"),
    "relationship.opened": _("client given to a person"),
    "relationship.changed": _("holder of a client changed"),
    "relationships.opened": _("many clients given to people"),
    "clients.reassigned": _("clients of a person handed over"),
    "import.loaded": _("sales data imported"),
    "import_issue.resolved": _("import row resolved"),
    "import_issue.dismissed": _("import row dismissed"),
}
WORK: Labels = {
    "task.created": _("task given"),
    "tasks.created": _("many tasks given"),
    "task.started": _("task begun"),
    "task.finished": _("task done"),
    "task.reopened": _("task taken up again"),
    "task.cancelled": _("task cancelled"),
    "task.reassigned": _("task given to somebody else"),
    "cards.added": _("research cards added"),
    "call_list.created": _("call list opened"),
    "call_list.updated": _("call list changed"),
    "call_list.filled": _("companies put on a call list"),
    "call_list.members_set": _("callers of a list set"),
    "entry.released": _("company given back to its list"),
    "entries.swept": _("forgotten companies given back to their lists"),
    "call.logged": _("call logged"),
    "call.undone": _("call taken back"),
}
DEALS: Labels = {
    "deal.created": _("deal opened"),
    "deal.updated": _("deal changed"),
    "deal.moved": _("deal moved to another stage"),
    "deal.move_undone": _("move of a deal taken back"),
    "deal.won": _("deal won"),
    "deal.lost": _("deal lost"),
    "deal.given": _("deal given to another seller"),
    "deal.given_company": _("company of a deal set"),
    "contract.signed": _("contract signed"),
    "contract.cost_set": _("direct cost of a contract set"),
}
MONEY: Labels = {
    "payment.recorded": _("payment recorded"),
    "payment.refunded": _("refund recorded"),
    "payments.loaded": _("payments loaded"),
    "payment_file.uploaded": _("file of payments uploaded"),
    "payment_file.loaded": _("file of payments loaded"),
    "payment_file.refused": _("file of payments refused"),
    "commissions.requested": _("run of commissions asked for"),
    "period.approved": _("pay period approved"),
    "period.reopened": _("pay period reopened"),
    "period.closed": _("pay period closed"),
    "uncredited_payment.accepted": _("payment without credit accepted"),
    "uncomputed_earning.accepted": _("component that is not computed accepted"),
    "pool.weighed": _("parts of a team pool set"),
    "scheme.created": _("pay scheme opened"),
    "scheme.version_saved": _("version of a pay scheme saved"),
    "scheme.assigned": _("pay scheme assigned"),
    "scheme.assignment_ended": _("assignment of a pay scheme ended"),
}
PLAN: Labels = {
    "plan.goal_set": _("goal of the year set"),
    "plan.distributed": _("plan distributed"),
    "plan.agreed": _("plan agreed"),
    "plan.tasks_generated": _("daily work of the plan computed"),
    "plan.recascaded": _("plan paced anew"),
    "norm.set": _("norm set"),
    "hiring_lead.set": _("hiring time set"),
    "calendar.corrected": _("working day corrected"),
    "calendar.correction_removed": _("correction of a working day removed"),
}

SYSTEM_GROUPS: tuple[tuple[Promise, Labels], ...] = (
    (_("Sign-in and access"), SIGNING_IN),
    (_("People and structure"), PEOPLE),
)
"""What an administrator may read."""

GROUPS: tuple[tuple[Promise, Labels], ...] = (
    *SYSTEM_GROUPS,
    (_("Clients"), CLIENTS),
    (_("Work"), WORK),
    (_("Deals"), DEALS),
    (_("Money"), MONEY),
    (_("Plan"), PLAN),
)

ACTIONS: Labels = {action: label for _group, labels in GROUPS for action, label in labels.items()}
SYSTEM_ACTIONS = frozenset(action for _group, labels in SYSTEM_GROUPS for action in labels)


def action_label(action: str) -> str:
    """What a deed is called, beginning with a capital; the action itself where an old event names one that is no more."""
    label = str(ACTIONS.get(action, action))
    return label[:1].upper() + label[1:]
