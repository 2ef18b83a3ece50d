"""Work handed between roles, and the research cards that come back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Employee
from pipeline.clients.models import Company, Contact, OfCompanyQuerySet
from salesys.db.base import ScopedModel
from salesys.db.scope import ScopedQuerySet, Viewer, closed_manager


class TaskQuerySet(ScopedQuerySet["Task"]):
    scope = "tasks"

    def reach_own(self, viewer: Viewer) -> Q:
        """Tasks that the viewer does or has asked for."""
        return Q(assignee_id=viewer.own_id) | Q(author_id=viewer.own_id)

    def reach_team(self, viewer: Viewer) -> Q:
        """Tasks of the viewer and of everyone below."""
        return Q(assignee_id__in=viewer.team_ids) | Q(author_id=viewer.own_id)

    def open(self) -> TaskQuerySet:
        """Still to be done."""
        return self.filter(status__in=Task.OPEN)


class Task(ScopedModel):
    """One piece of dated work: who does it, for whom, about which company, by when, and what came of it.

    `person` is whose clients a task of the kind `hand_over` is about.
    """

    class Kind(models.TextChoices):
        RESEARCH = "research", _("research")
        CALL_BACK = "call_back", _("call back")
        LETTER = "letter", _("letter")
        MEETING = "meeting", _("meeting")
        FOLLOW_UP = "follow_up", _("follow-up")
        DOCUMENTS = "documents", _("documents")
        HAND_OVER = "hand_over", _("hand over clients")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (Status.OPEN, Status.IN_PROGRESS)
    HANDED_OVER = (Kind.RESEARCH, Kind.LETTER)

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    request = models.TextField(_("what is needed"), blank=True, default="")
    result = models.TextField(_("result"), blank=True, default="")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    author = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks_given")
    assignee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="tasks")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks")
    person = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"))
    due_at = models.DateTimeField(_("at"), null=True, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: Any = closed_manager(TaskQuerySet)
    all_rows = TaskQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["assignee", "due_on", "id"], name="task_open", condition=Q(status__in=["open", "in_progress"])),
            models.Index(fields=["assignee", "-done_at"], name="task_done", condition=Q(status="done")),
            models.Index(fields=["author", "status"], name="task_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="done", done_at__isnull=False) | ~Q(status="done"), name="task_done_has_an_instant"
            ),
            models.CheckConstraint(
                condition=Q(kind="hand_over", person__isnull=False) | (~Q(kind="hand_over") & Q(person__isnull=True)),
                name="task_hand_over_names_a_person",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="hand_over", status__in=["open", "in_progress"]),
                name="task_one_hand_over_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_handed_over(self) -> bool:
        """Whether it opens its company to the assistant who does it: a card or a letter that somebody else asks for."""
        return self.status in self.OPEN and self.kind in self.HANDED_OVER and self.author_id != self.assignee_id


GIVEN_KINDS = tuple((value, label) for value, label in Task.Kind.choices if value != Task.Kind.HAND_OVER)
"""What people give to each other; clients are handed over because somebody was dismissed."""


class ResearchCard(ScopedModel):
    """What an assistant has found out about a company before the call that it serves."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="cards")
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="card")
    author = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="cards")
    brief = models.TextField(_("brief"), blank=True, default="")
    decision_maker = models.CharField(_("decision maker"), max_length=200, blank=True, default="")
    needs = models.TextField(_("likely needs"), blank=True, default="")
    sources = models.TextField(_("sources"), blank=True, default="")
    prepared_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = closed_manager(OfCompanyQuerySet)
    all_rows = OfCompanyQuerySet.as_manager()

    class Meta:
        default_manager_name = "all_rows"
        base_manager_name = "all_rows"
        ordering = ["-prepared_on", "-pk"]
        indexes = [models.Index(fields=["author", "prepared_on"], name="card_by_author")]

    def __str__(self) -> str:
        return f"{self.company} {self.prepared_on}"
