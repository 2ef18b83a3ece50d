"""Contracts and payments over REST: the same services as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pipeline.money.filters import ContractFilter, PaymentFilter
from pipeline.money.models import Contract, Payment
from pipeline.money.queries import client_in_sight
from pipeline.money.serializers import (
    ContractSerializer,
    ContractWriteSerializer,
    CostSerializer,
    PaymentSerializer,
    PaymentWriteSerializer,
    contract_terms,
    payment_values,
)
from pipeline.money.services import record_payment, record_refund
from pipeline.money.signing import set_direct_cost, sign_contract
from salesys.rest.resources import Created, Listed, Resource


class PaymentViewSet(Listed, Created, Resource):
    """Money that came in or went back; newest first."""

    resource = "payments"
    model = Payment
    ordering = ("-paid_on", "-pk")
    related = ("contract",)
    has_versions = False
    serializer_class = PaymentSerializer
    write_serializer_class = PaymentWriteSerializer
    filterset_class = PaymentFilter

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With each, whether the caller sees its client, too."""
        shown: QuerySet[Any] = rows.annotate(opens_company=client_in_sight(self.actor))
        return shown

    @extend_schema(
        request=PaymentWriteSerializer,
        responses={
            201: PaymentSerializer,
            200: OpenApiResponse(PaymentSerializer, description="A payment with this reference and content is there already."),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record a payment, or with `refund_of` a refund."""
        serializer = self.write_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        values, original = payment_values(sent), sent.get("refund_of")
        if original is not None:
            recorded = record_refund(actor=self.actor, payment=original, values=values, source=Payment.Source.REST)
        else:
            recorded = record_payment(actor=self.actor, contract=sent["contract"], values=values, source=Payment.Source.REST)
        return self.created(recorded.payment, status.HTTP_201_CREATED if recorded.is_new else status.HTTP_200_OK)


class ContractViewSet(Listed, Created, Resource):
    """Contracts; newest first."""

    resource = "contracts"
    model = Contract
    ordering = ("-signed_on", "-pk")
    serializer_class = ContractSerializer
    write_serializer_class = ContractWriteSerializer
    filterset_class = ContractFilter

    @extend_schema(request=ContractWriteSerializer, responses={201: ContractSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign a deal: an open one is won by it."""
        return super().create(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> Contract:
        """Sign."""
        return sign_contract(actor=self.actor, deal=values["deal"], terms=contract_terms(values))

    @extend_schema(request=CostSerializer, responses={200: ContractSerializer})
    @action(detail=True, methods=["post"])
    def cost(self, request: Request, pk: int) -> Response:
        """Say what a contract costs us: bookkeepers, and heads for what others sell."""
        cost = self.sent(CostSerializer)["direct_cost"]
        return self.done(set_direct_cost(actor=self.actor, contract=self.get_object(), direct_cost=cost))


API_ROUTES = (("payments", PaymentViewSet, "payment"), ("contracts", ContractViewSet, "contract"))
