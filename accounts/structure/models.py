"""Departments, industry directions, and who stands where on each date."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.people.models import Employee
from accounts.roles import HEAD_ROLES, Role
from salesys.db.base import ScopedModel
from salesys.db.effective import EffectiveDated, no_overlap
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class DepartmentKind(models.TextChoices):
    """What a department does in the conveyor."""

    ACTIVE = "active", _("active sales")
    INBOUND = "inbound", _("inbound")
    CLIENT = "client", _("client department")
    VIP = "vip", _("VIP")
    INTERREGIONAL = "interregional", _("interregional")
    TELESALES = "telesales", pgettext_lazy("department", "telesales")
    ASSISTANTS = "assistants", _("assistants")
    BACK_OFFICE = "back_office", _("back office")


class StructureQuerySet(ScopedQuerySet[models.Model]):
    """Names of departments and directions are no secret inside the company: the table opens them to every role."""

    scope = "structure"


class Department(ScopedModel):
    """A node of the tree of departments."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=DepartmentKind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")

    objects: Any = closed_manager(StructureQuerySet)
    all_rows = StructureQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="department_name_once_below_parent", nulls_distinct=False),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="department_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Direction(ScopedModel):
    """An industry direction: a market that a head knows and carries a plan for."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects: Any = closed_manager(StructureQuerySet)
    all_rows = StructureQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    scope = "assignments"

    def reach_team(self, viewer: Viewer) -> Q:
        """Own, those of everyone below, and for heads of who was below until the dismissal."""
        below = Q(employee_id__in=viewer.team_ids)
        left = Employee.all_rows.left_from(viewer.team_ids).values("pk")
        return below | Q(employee_id__in=left) if viewer.role in HEAD_ROLES else below


class Assignment(EffectiveDated, ScopedModel):
    """Where an employee stands on the dates in `valid`: department, role, direction, manager. One at a time."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    direction = models.ForeignKey(Direction, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")
    manager = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")

    objects: Any = closed_manager(AssignmentQuerySet)
    all_rows = AssignmentQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            no_overlap("employee", name="assignment_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=F("employee")), name="assignment_manager_is_another"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="assignment_role_is_known"),
        ]
        indexes = [
            models.Index(fields=["manager"], name="assignment_manager"),
            models.Index(fields=["role"], name="assignment_role"),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.role} {self.valid}"


class PairQuerySet(ScopedQuerySet["Pair"]):
    scope = "assignments"

    def reach_team(self, viewer: Viewer) -> Q:
        """Pairs that the viewer or somebody below belongs to."""
        return Q(telesales_id__in=viewer.team_ids) | Q(assistant_id__in=viewer.team_ids)


class Pair(EffectiveDated, ScopedModel):
    """A telesales person and the assistant who prepares their contacts; an assistant may serve several."""

    telesales = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pairs_as_telesales")
    assistant = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pairs_as_assistant")

    objects: Any = closed_manager(PairQuerySet)
    all_rows = PairQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        constraints = [
            no_overlap("telesales", name="pair_one_assistant_at_a_time"),
            models.CheckConstraint(condition=~Q(telesales=F("assistant")), name="pair_is_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.telesales} + {self.assistant}"
