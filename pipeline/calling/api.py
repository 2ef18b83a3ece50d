"""Calls over REST: a telephone system logs what the caller has done."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from pipeline.calling.filters import CallFilter
from pipeline.calling.models import Call, CallListEntry
from pipeline.calling.serializers import CallSerializer, CallWriteSerializer, report_of
from pipeline.calling.services import log_call, log_company_call
from pipeline.clients.models import Company
from salesys.db.scope import viewer_for
from salesys.rest.resources import Created, Listed, Resource


class CallViewSet(Listed, Created, Resource):
    """Calls; the newest first."""

    resource = "calls"
    model = Call
    ordering = ("-called_on", "-pk")
    has_versions = False
    serializer_class = CallSerializer
    write_serializer_class = CallWriteSerializer
    filterset_class = CallFilter

    @extend_schema(request=CallWriteSerializer, responses={201: CallSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Log a call, with everything that follows from its outcome."""
        sent = self.sent(CallWriteSerializer)
        entry, report = self.entry_in_hand(sent["company"]), report_of(sent)
        if entry is not None:
            logged = log_call(actor=self.actor, entry=entry, report=report)
        else:
            logged = log_company_call(actor=self.actor, company=sent["company"], report=report)
        row = self.get_queryset().filter(pk=logged.call_id, called_on=logged.called_on).first()
        if row is None:
            return Response({"id": logged.call_id}, status=status.HTTP_201_CREATED)
        return self.created(row)

    def entry_in_hand(self, company: Company) -> CallListEntry | None:
        """The entry of the company, when the caller has it in hand."""
        caller = viewer_for(self.actor).employee_id
        held = CallListEntry.objects.visible_to(self.actor).filter(claimed_by_id=caller, state="claimed", company=company)
        entry: CallListEntry | None = held.first() if caller else None
        return entry


API_ROUTES = (("calls", CallViewSet, "call"),)
