"""Users who sign in, and employees who work, are planned for and are paid."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD_ROLES, Role
from salesys.db import clock
from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class UserManager(BaseUserManager["User"]):
    """Creates users; addresses are stored in lower case, because people type them either way."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who signs in by e-mail; without a password, only a set-password link lets them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The first administrator of an installation."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who may sign in. What they may do follows from their employee's assignment today.

    `is_superuser` marks the first administrator, who has no assignment yet: it opens users and settings, no client data,
    until an assignment says otherwise.
    """

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    language = models.CharField(_("language"), max_length=5, default="en")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    has_single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case")]

    def __str__(self) -> str:
        return self.email

    @property
    def person_name(self) -> str:
        """What people call who signs in so; the address of somebody who is no employee."""
        employee = getattr(self, "employee", None)
        return employee.full_name if employee is not None else self.email

    def get_session_auth_hash(self) -> str:
        """Ties sessions to the password and to `session_epoch`: raising the epoch ends every session at its next request."""
        return salted_hmac(
            "accounts.people.User.session", f"{self.session_epoch}:{self.password}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the keys that the installation used before."""
        for key in settings.SECRET_KEY_FALLBACKS:
            value = f"{self.session_epoch}:{self.password}"
            yield salted_hmac("accounts.people.User.session", value, secret=key, algorithm="sha256").hexdigest()


class EmployeeQuerySet(ScopedQuerySet["Employee"]):
    scope = "employees"

    def reach_team(self, viewer: Viewer) -> Q:
        """The viewer, everyone below, and for heads who was below until the dismissal: what they held is to be given away."""
        below = Q(pk__in=viewer.team_ids)
        return below | Q(pk__in=self.left_from(viewer.team_ids).values("pk")) if viewer.role in HEAD_ROLES else below

    def reach_colleagues(self, viewer: Viewer) -> Q:
        """The viewer's team, and who is assigned to the viewer's departments today."""
        today = clock.today()
        there = Employee.all_rows.filter(assignments__department__in=viewer.department_ids, assignments__valid__contains=today)
        return self.reach_team(viewer) | Q(pk__in=there.values("pk"))

    def left_from(self, managers: Collection[int]) -> EmployeeQuerySet:
        """Who stood under one of these managers until the dismissal, which has come."""
        return Employee.all_rows.filter(
            dismissed_on__lte=clock.today(),
            assignments__manager__in=managers,
            assignments__valid__endswith=models.F("dismissed_on"),
        )

    def in_roles(self, roles: Collection[str], on: date) -> EmployeeQuerySet:
        """Who stands in one of the roles on the date."""
        return self.filter(assignments__role__in=list(roles), assignments__valid__contains=on)

    def standing_as(self, role: str, on: date) -> EmployeeQuerySet:
        """Who stands in a role on the date, or with `none` in no place at all; another text narrows nothing."""
        if role == "none":
            placed = Employee.all_rows.filter(assignments__valid__contains=on)
            return self.exclude(pk__in=placed.values("pk"))
        return self.in_roles((role,), on) if role in Role.values else self

    def without_sign_in(self) -> EmployeeQuerySet:
        """Who has no account, a closed one, or one for which no password was set yet: an invitation that nobody sent or used."""
        has_no_password = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return self.filter(Q(user__isnull=True) | Q(user__is_active=False) | has_no_password)

    def working_on(self, on: date) -> EmployeeQuerySet:
        """Who is employed on the date."""
        return self.filter(Q(hired_on__lte=on) & (Q(dismissed_on__isnull=True) | Q(dismissed_on__gt=on)))

    def beside_first_administrator(self) -> EmployeeQuerySet:
        """Without whoever has the first administrator's sign-in and stands nowhere yet."""
        is_somebody = Q(user__isnull=True) | Q(user__is_superuser=False) | Q(assignments__isnull=False)
        return self.filter(is_somebody).distinct()


class Employee(ScopedModel):
    """A person who works in the department. Role, department and manager are assignments, dated."""

    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="employee")
    full_name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("personnel number"), max_length=32, null=True, blank=True, unique=True)
    hired_on = models.DateField(_("hired on"))
    dismissed_on = models.DateField(_("dismissed on"), null=True, blank=True, help_text=_("the first day no longer employed"))

    objects: Any = closed_manager(EmployeeQuerySet)
    all_rows = EmployeeQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["full_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dismissed_on__isnull=True) | Q(dismissed_on__gt=models.F("hired_on")),
                name="employee_dismissed_after_hired",
            )
        ]

    def __str__(self) -> str:
        return self.full_name
