"""Tasks over REST: the same services as the queue."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pipeline.clients.models import Company
from pipeline.tasks.filters import TaskFilter
from pipeline.tasks.models import Task
from pipeline.tasks.serializers import (
    CancelSerializer,
    FinishSerializer,
    ReassignSerializer,
    TaskSerializer,
    TaskWriteSerializer,
    card_draft,
    draft_values,
)
from pipeline.tasks.services import TaskDraft, cancel_task, create_task, finish_task, reassign_task, start_task
from salesys.rest.resources import Created, Listed, Resource


class TaskViewSet(Listed, Created, Resource):
    """Tasks, by the day on which they are due."""

    resource = "tasks"
    model = Task
    ordering = ("due_on", "pk")
    related = ("card",)
    serializer_class = TaskSerializer
    write_serializer_class = TaskWriteSerializer
    filterset_class = TaskFilter

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With each, whether the caller sees its company: a task outlives that, its card belongs to the company."""
        seen = Company.objects.visible_to(self.actor).filter(pk=OuterRef("company_id"))
        shown: QuerySet[Any] = rows.annotate(opens_company=Exists(seen.order_by()))
        return shown

    def shade_of(self, row: Any) -> str:
        """Whether the card is shown is no change of the row."""
        return "open" if row.opens_company else ""

    @extend_schema(request=TaskWriteSerializer, responses={201: TaskSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand a piece of work to somebody."""
        return super().create(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> Task:
        """Hand it out."""
        return create_task(actor=self.actor, draft=TaskDraft(**draft_values(values)))

    @extend_schema(request=None, responses={200: TaskSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        """Say that somebody is working on it."""
        self.refuse_body()
        return self.done(start_task(actor=self.actor, task=self.get_object()))

    @extend_schema(request=FinishSerializer, responses={200: TaskSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: int) -> Response:
        """Say what came of it; research leaves a card on its company."""
        sent = self.sent(FinishSerializer)
        return self.done(finish_task(actor=self.actor, task=self.get_object(), result=sent["result"], card=card_draft(sent)))

    @extend_schema(request=CancelSerializer, responses={200: TaskSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Say that it is not needed any more."""
        return self.done(cancel_task(actor=self.actor, task=self.get_object(), reason=self.sent(CancelSerializer)["reason"]))

    @extend_schema(request=ReassignSerializer, responses={200: TaskSerializer})
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: int) -> Response:
        """Give it to somebody else."""
        assignee = self.sent(ReassignSerializer)["assignee"]
        return self.done(reassign_task(actor=self.actor, task=self.get_object(), assignee=assignee))


API_ROUTES = (("tasks", TaskViewSet, "task"),)
