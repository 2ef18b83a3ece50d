"""Hiring, sign-ins and dismissal. What a person does and where is an assignment (`accounts.structure.assigning`)."""

from __future__ import annotations

from datetime import date
from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.locks import lock_structure
from accounts.access.masking import mask_email
from accounts.access.models import AuditEvent
from accounts.access.tokens import revoke_tokens
from accounts.people import policies
from accounts.people.belongings import start_giving_away
from accounts.people.leaving import hand_over_reports, refuse_last_administrator
from accounts.people.models import Employee, User
from accounts.people.standing import holders_of
from accounts.roles import TOP_ROLES
from salesys.db import clock
from salesys.db.constraints import constraints_as_issues
from salesys.kernel.errors import Issue, invalid


@transaction.atomic
def hire_employee(*, actor: User | None, full_name: str, hired_on: date, code: str = "", email: str = "") -> Employee:
    """Hire a person; with an e-mail, open a sign-in too (without a password: see `invitation_path`).

    Raises:
        InvalidInput: No name, or the personnel number or the e-mail is taken or no address.
        NotAllowed: The actor does not hire people.
    """
    if actor is not None:
        policies.require(policies.can_hire(actor), problem=_("HR, the administrator, the owner and the director hire people."))
    name = " ".join(full_name.split())
    if not name:
        raise invalid("no_name", _("A person has a name."), field="full_name", remedy=_("Write the name."))
    taken = Issue("code_taken", _("This personnel number is taken."), "code", code, _("Use another."))
    with constraints_as_issues({"accounts_employee_code_key": taken}):
        employee: Employee = Employee.all_rows.create(full_name=name[:200], hired_on=hired_on, code=code.strip() or None)
    record(actor=actor, action="employee.hired", obj=employee, after={"full_name": name, "hired_on": hired_on, "code": code})
    if email:
        employee.user = _open_account(actor, employee, email)
    return employee


@transaction.atomic
def open_account(*, actor: User | None, employee: Employee, email: str) -> User:
    """Let an employee sign in with an e-mail, or change the e-mail of the sign-in; sessions and tokens of it end then.

    Locks the employee's row.

    Raises:
        InvalidInput: No address, or somebody else's.
        NotAllowed: The account is not the actor's to change.
    """
    _require_account(actor, employee)
    return _open_account(actor, employee, email)


def _require_account(actor: User | None, employee: Employee | None) -> None:
    if actor is not None:
        policies.require(
            policies.can_change_account(actor, employee),
            problem=_("This sign-in is not yours to change."),
            remedy=_("Ask the owner or the commercial director."),
        )


def _open_account(actor: User | None, employee: Employee, email: str) -> User:
    employee = Employee.all_rows.select_for_update(of=("self",)).select_related("user").get(pk=employee.pk)
    address = _checked_address(email)
    taken = Issue("email_taken", _("Somebody signs in with this e-mail already."), "email", address, _("Use another."))
    with constraints_as_issues({"accounts_user_email_key": taken}):
        if employee.user is None:
            employee.user = User.objects.create_user(address)
            employee.save(update_fields=["user"])
            record(actor=actor, action="account.opened", obj=employee.user, after={"email": address, "employee": employee.pk})
        elif employee.user.email != address:
            _change_address(actor, employee.user, address)
    user: User = employee.user
    return user


def _change_address(actor: User | None, user: User, address: str) -> None:
    before, user.email = user.email, address
    user.session_epoch += 1
    user.save(update_fields=["email", "session_epoch"])
    record(
        actor=actor,
        action="account.changed",
        obj=user,
        before={"email": before},
        after={"email": address, **_tokens(user)},
    )
    transaction.on_commit(partial(_tell_old_address, before, address))


def _tokens(user: User) -> dict[str, object]:
    """Revokes the user's tokens; how many, for the event, when there were any."""
    count = revoke_tokens(user=user)
    return {"tokens": count} if count else {}


def _tell_old_address(before: str, after: str) -> None:
    """Whoever can change an address could take an account over: its owner hears of it where they still read."""
    text = _("Your sign-in address was changed to %(address)s. If you did not expect this, tell your company at once.")
    send_mail(_("Your sign-in address was changed"), text % {"address": mask_email(after)}, None, [before], fail_silently=True)


def _checked_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise invalid(
            "not_an_email",
            _("This is no e-mail address."),
            field="email",
            value=email,
            remedy=_("Write one like name@company.com."),
        ) from None
    return address


def invitation_path(*, actor: User, user: User) -> str:
    """The path at which a person who never signed in sets a first password; shown once, to whoever invites them.

    Raises:
        InvalidInput: The person has signed in before: a new password then goes to their own e-mail only, because whoever
            sets it could sign in as them.
        NotAllowed: The account is not the actor's to change.
    """
    _require_account(actor, Employee.all_rows.filter(user=user).first())
    if user.last_login is not None or not user.is_active:
        raise invalid(
            "signed_in_before",
            _("This person has signed in before."),
            field="user",
            value=user.email,
            remedy=_("They ask for a new password on the sign-in page."),
        )
    with transaction.atomic():
        record(actor=actor, action="account.invited", obj=user)
    arguments = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=arguments)


def end_invitations(*, actor: User | None, employee: Employee) -> bool:
    """Let no path that was shown before open an account that comes to open clients by its role (ADR 12).

    Whoever may invite a seller may have kept the path, or set the password by it, and waited for the top to make a head of
    them. An account that was used is its person's by then, and what the top has shown stays. The caller has the transaction.

    Returns:
        Whether there was an invitation of somebody else's; its person gets a new one, or asks for a password by mail.
    """
    user = employee.user
    if actor is None or user is None or user.last_login is not None:
        return False
    shown = AuditEvent.all_rows.filter(action="account.invited", object_type="accounts.user", object_id=user.pk)
    if not shown.exclude(actor__in=holders_of(TOP_ROLES)).exclude(actor=actor).exists():
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(actor=actor, action="account.invitation_ended", obj=user)
    return True


@transaction.atomic
def end_sessions(*, actor: User | None, user: User) -> None:
    """End every session of a user at its next request and every API token at once: what a lost device holds, or a thief made."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    record(actor=actor, action="account.sessions_ended", obj=user, after=_tokens(user))


@transaction.atomic
def change_password(*, actor: User | None, user: User, password: str) -> None:
    """Set a new password: sessions elsewhere end with it, API tokens at once.

    Args:
        actor: The user on the own page; None for whoever holds a link that sets one, which is all that is known of them.
        user: Whose.
        password: As it was typed; strength is the form's to check.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    action = "password.set" if actor is None else "password.changed"
    record(actor=actor, action=action, obj=user, after=_tokens(user))


@transaction.atomic
def dismiss_employee(*, actor: User | None, employee: Employee, from_on: date, successor: Employee | None = None) -> Employee:
    """Let a person go: `from_on` is the first day no longer employed.

    Assignments and pairs end there, later ones are withdrawn, whoever reports to them reports to `successor` then, and every
    street begins to give away what the person holds (`accounts.people.belongings`). When the day has come, sign-in, sessions
    and tokens end at once; a day ahead is carried out by `end_due_accounts`. Locks the structure.

    Raises:
        InvalidInput: Not after the hiring; dismissed already; people report to them and nobody takes over; the actor; the
            last administrator.
        NotAllowed: The person is not the actor's to dismiss.
    """
    lock_structure()
    employee = Employee.all_rows.select_related("user").get(pk=employee.pk)
    if employee.dismissed_on is not None and employee.dismissed_on <= from_on:
        raise invalid("dismissed", _("This person is dismissed already."), field="from_on", value=employee.dismissed_on)
    if from_on <= employee.hired_on:
        raise invalid(
            "before_hiring",
            _("The dismissal must come after the hiring."),
            field="from_on",
            value=from_on,
            remedy=_("Choose a date after %(date)s.") % {"date": employee.hired_on},
        )
    if actor is not None and employee.user_id == actor.pk:
        raise invalid("dismisses_self", _("Nobody dismisses themselves."), field="from_on", remedy=_("Ask a colleague."))
    _require_dismissal(actor, employee)
    refuse_last_administrator(employee)
    hand_over_reports(employee=employee, successor=successor, on=from_on)
    for rows in (employee.assignments, employee.pairs_as_telesales, employee.pairs_as_assistant):
        _end_rows(rows, from_on)
    before, employee.dismissed_on = employee.dismissed_on, from_on
    employee.save(update_fields=["dismissed_on"])
    record(
        actor=actor,
        action="employee.dismissed",
        obj=employee,
        before={"dismissed_on": before, "successor": None},
        after={"dismissed_on": from_on, "successor": successor},
    )
    if employee.user is not None and from_on <= clock.today():
        close_account(actor=actor, user=employee.user)
    start_giving_away(actor, employee, from_on)
    return employee


def _require_dismissal(actor: User | None, employee: Employee) -> None:
    if actor is not None:
        policies.require(
            policies.can_dismiss(actor, employee),
            problem=_("This person is not yours to dismiss."),
            remedy=_("Ask the owner or the commercial director."),
        )


def _end_rows(rows: object, on: date) -> None:
    """Close what runs on the date and withdraw what would begin later."""
    manager = rows.all()  # type: ignore[attr-defined]
    manager.filter(valid__startswith__gte=on).delete()
    for row in manager.filter(valid__contains=on):
        row.close_on(on)
        row.save(update_fields=["valid"])


@transaction.atomic
def close_account(*, actor: User | None, user: User) -> None:
    """Refuse the user from now on: sign-in, every session, every token."""
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    revoked = revoke_tokens(user=user)
    record(
        actor=actor, action="account.closed", obj=user, before={"is_active": True}, after={"is_active": False, "tokens": revoked}
    )


@transaction.atomic
def end_due_accounts() -> int:
    """Close the accounts of those whose dismissal has come; how many. Harmless when repeated."""
    due = User.objects.filter(is_active=True, employee__dismissed_on__lte=clock.today())
    users = list(due)
    for user in users:
        close_account(actor=None, user=user)
    return len(users)
