"""Forms of the structure; choices are what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from accounts.people.policies import roles_to_give
from accounts.roles import Role
from accounts.structure.models import Department, DepartmentKind, Direction
from accounts.structure.placement import Placement
from salesys.db import clock
from salesys.shell.forms import ShellForm


class PlacementForm(ShellForm):
    """Where a person stands from a date on."""

    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)
    department: Any = forms.ModelChoiceField(label=_("Department"), queryset=None)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    direction: Any = forms.ModelChoiceField(label=_("Direction"), queryset=None, required=False)
    manager: Any = forms.ModelChoiceField(label=_("Manager"), queryset=None, required=False)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["department"].queryset = Department.objects.visible_to(viewer)
        fields["direction"].queryset = Direction.objects.visible_to(viewer).filter(is_active=True)
        fields["manager"].queryset = Employee.objects.visible_to(viewer).working_on(clock.today())
        self._offer_roles(roles_to_give(viewer))

    def _offer_roles(self, roles: Sequence[Role]) -> None:
        """Offer what the viewer may give, and say why the rest is missing; the service refuses what is sent all the same."""
        field: Any = self.fields["role"]
        offered: list[tuple[str, Any]] = [(role.value, role.label) for role in roles]
        if self.initial.get("role") not in roles:
            offered.insert(0, ("", gettext("Choose")))
        field.widget.choices = offered
        if len(roles) < len(Role):
            field.help_text = _("Roles that see clients of others are given by the owner or the commercial director.")

    @property
    def placement(self) -> Placement:
        """What was chosen."""
        chosen = self.cleaned_data
        return Placement(chosen["department"], Role(chosen["role"]), chosen["direction"], chosen["manager"])


class DepartmentForm(ShellForm):
    """A department and where it hangs."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=DepartmentKind.choices)
    parent: Any = forms.ModelChoiceField(label=_("Below"), queryset=None, required=False)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, required=False, help_text=_("Empty: the company's. Otherwise such as Asia/Omsk.")
    )

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["parent"].queryset = Department.objects.visible_to(viewer)


class DirectionForm(ShellForm):
    """An industry direction."""

    name = forms.CharField(label=_("Name"), max_length=200)


class DirectionChangeForm(DirectionForm):
    """Its name, and whether people may still be assigned to it."""

    is_active = forms.BooleanField(label=_("Open for assignments"), required=False)


class PairForm(ShellForm):
    """Who prepares contacts for a telesales person."""

    assistant: Any = forms.ModelChoiceField(label=_("Assistant"), queryset=None)
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        fields: dict[str, Any] = self.fields
        people = Employee.objects.visible_to(viewer)
        fields["assistant"].queryset = people.filter(assignments__valid__contains=today, assignments__role=Role.ASSISTANT)
