"""Deals over REST: the same services as the board."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pipeline.deals.filters import DealFilter
from pipeline.deals.models import Deal
from pipeline.deals.serializers import (
    DealChangeSerializer,
    DealSerializer,
    DealWriteSerializer,
    LoseSerializer,
    MoveSerializer,
    WinSerializer,
    column_values,
)
from pipeline.deals.services import DealDraft, create_deal, lose_deal, move_deal, update_deal, win_deal
from salesys.rest.resources import Created, Listed, Resource, Updated


class DealViewSet(Listed, Created, Updated, Resource):
    """Deals; the newest first."""

    resource = "deals"
    model = Deal
    ordering = ("-opened_on", "-pk")
    related = ("stage",)
    serializer_class = DealSerializer
    write_serializer_class = DealWriteSerializer
    change_serializer_class = DealChangeSerializer
    filterset_class = DealFilter

    @extend_schema(request=DealWriteSerializer, responses={201: DealSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open a deal."""
        return super().create(request, *args, **kwargs)

    @extend_schema(request=DealChangeSerializer, responses={200: DealSerializer})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change fields of a deal."""
        return super().partial_update(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> Deal:
        """Open it."""
        stage = values.pop("stage")
        return create_deal(actor=self.actor, draft=DealDraft(**column_values(values)), stage=stage)

    def update_row(self, row: Deal, values: dict[str, Any]) -> Deal:
        """Change it."""
        return update_deal(actor=self.actor, deal=row, values=values)

    @extend_schema(request=MoveSerializer, responses={200: DealSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        """Move an open deal to another open stage."""
        sent = self.sent(MoveSerializer)
        return self.done(move_deal(actor=self.actor, deal=self.get_object(), stage=sent["stage"], on=sent.get("on")))

    @extend_schema(request=WinSerializer, responses={200: DealSerializer})
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: int) -> Response:
        """Close a deal as won; a contract is signed under `contracts/`."""
        return self.done(win_deal(actor=self.actor, deal=self.get_object(), on=self.sent(WinSerializer).get("on")))

    @extend_schema(request=LoseSerializer, responses={200: DealSerializer})
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: int) -> Response:
        """Close a deal as lost, with the reason."""
        sent = self.sent(LoseSerializer)
        return self.done(lose_deal(actor=self.actor, deal=self.get_object(), reason=sent["reason"], on=sent.get("on")))


API_ROUTES = (("deals", DealViewSet, "deal"),)
