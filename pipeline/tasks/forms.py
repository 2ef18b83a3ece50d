"""What comes in about tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Employee
from pipeline.clients.models import Company
from pipeline.tasks.models import GIVEN_KINDS, Task
from pipeline.tasks.queries import assignable
from pipeline.tasks.services import CardDraft, TaskDraft
from salesys.db import clock
from salesys.db.scope import viewer_for
from salesys.db.workdays import next_working_day
from salesys.shell.forms import ShellForm


class TaskForm(ShellForm):
    """A task for somebody."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GIVEN_KINDS)
    title = forms.CharField(label=_("What"), max_length=300)
    request = forms.CharField(label=_("Details"), required=False, max_length=10_000, widget=forms.Textarea)
    assignee = forms.ModelChoiceField(label=_("Who"), queryset=Employee.objects.none())
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput)
    is_urgent = forms.BooleanField(label=_("Urgent"), required=False)
    company = forms.ModelChoiceField(queryset=Company.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        given = {"due_on": next_working_day(clock.today()), "kind": Task.Kind.OTHER, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=given, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["assignee"].queryset = assignable(viewer_for(viewer), clock.today())
        fields["company"].queryset = Company.objects.visible_to(viewer)

    def draft(self) -> TaskDraft:
        """The task as the service takes it."""
        data = self.cleaned_data
        return TaskDraft(
            kind=data["kind"],
            title=data["title"],
            request=data["request"],
            assignee_id=data["assignee"].pk,
            due_on=data["due_on"],
            is_urgent=data["is_urgent"],
            company_id=data["company"].pk if data["company"] else None,
        )


class ResultForm(ShellForm):
    """What came of a task."""

    result = forms.CharField(label=_("Result"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))


class CardForm(ShellForm):
    """What was found out about a company; the first field is what the caller reads while it rings."""

    brief = forms.CharField(
        label=_("Brief"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("A few lines that the caller can read while the phone rings."),
    )
    decision_maker = forms.CharField(label=_("Who decides"), max_length=200, required=False)
    needs = forms.CharField(label=_("Likely needs"), required=False, max_length=10_000, widget=forms.Textarea)
    sources = forms.CharField(label=_("Sources"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2}))
    result = forms.CharField(
        label=_("Answer to the question"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def card(self) -> CardDraft:
        """The card as the service takes it."""
        return CardDraft(**{name: self.cleaned_data[name] for name in ("brief", "decision_maker", "needs", "sources")})


class AssigneeForm(ShellForm):
    """Who does it instead."""

    assignee = forms.ModelChoiceField(label=_("Who"), queryset=Employee.objects.none())

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["assignee"]
        people.queryset = assignable(viewer_for(viewer), clock.today())
