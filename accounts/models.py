"""The tables of the street, gathered for Django."""

from __future__ import annotations

from accounts.access.models import ApiToken, AuditEvent, BudgetNotice, ContactReveal, PersonalBudget, RevealBudget
from accounts.people.models import Employee, User
from accounts.structure.models import Assignment, Department, DepartmentKind, Direction, Pair

__all__ = [
    "ApiToken",
    "Assignment",
    "AuditEvent",
    "BudgetNotice",
    "ContactReveal",
    "Department",
    "DepartmentKind",
    "Direction",
    "Employee",
    "Pair",
    "PersonalBudget",
    "RevealBudget",
    "User",
]
