"""Companies and contacts over REST: the same services, the same masks."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.reveal import opened_today, reveal_contact
from pipeline.clients.duplicates import HeldElsewhere, duplicates_told
from pipeline.clients.filters import CompanyFilter, ContactFilter
from pipeline.clients.models import Company, Contact
from pipeline.clients.serializers import CompanySerializer, ContactChangeSerializer, ContactSerializer, ContactWriteSerializer
from pipeline.clients.services import add_contact, create_company, update_company, update_contact
from salesys.rest.problems import handle
from salesys.rest.resources import Created, Listed, Resource, Updated


class CompanyViewSet(Listed, Created, Updated, Resource):
    """Clients and leads, by name."""

    resource = "companies"
    model = Company
    ordering = ("name_key", "pk")
    related = ("industry", "direction")
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a company; one that is with us already, beyond the caller's reach, becomes a question to its head."""
        try:
            with duplicates_told(self.actor):
                return super().create(request, *args, **kwargs)
        except HeldElsewhere as error:
            # Answered here: raised further, it would take the question back with the deed
            return handle(error, {})

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change fields of a company."""
        with duplicates_told(self.actor):
            return super().partial_update(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> Company:
        """Add it; whoever sells becomes its holder."""
        return create_company(actor=self.actor, fields=values)

    def update_row(self, row: Company, values: dict[str, Any]) -> Company:
        """Change it."""
        return update_company(actor=self.actor, company=row, fields=values)


class ContactViewSet(Listed, Created, Updated, Resource):
    """People at companies; phone and e-mail masked until they are opened."""

    resource = "contacts"
    model = Contact
    ordering = ("pk",)
    serializer_class = ContactSerializer
    write_serializer_class = ContactWriteSerializer
    change_serializer_class = ContactChangeSerializer
    filterset_class = ContactFilter
    answered_anew = frozenset({"reveal"})
    read_by = frozenset({"reveal"})

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With each, whether the caller has opened it today."""
        shown: QuerySet[Any] = rows.annotate(is_open=Exists(opened_today(self.actor).filter(contact_id=OuterRef("pk"))))
        return shown

    def shade_of(self, row: Any) -> str:
        """Opening a contact changes what is shown of it, not its row."""
        return "open" if row.is_open else ""

    @extend_schema(request=ContactWriteSerializer, responses={201: ContactSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a contact to a company."""
        return super().create(request, *args, **kwargs)

    @extend_schema(request=ContactChangeSerializer, responses={200: ContactSerializer})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change fields of a contact."""
        return super().partial_update(request, *args, **kwargs)

    def create_row(self, values: dict[str, Any]) -> Contact:
        """Add it."""
        return add_contact(actor=self.actor, company=values.pop("company"), fields=values)

    def update_row(self, row: Contact, values: dict[str, Any]) -> Contact:
        """Change it."""
        return update_contact(actor=self.actor, contact=row, fields=values)

    @extend_schema(request=None, responses={200: ContactSerializer})
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: int) -> Response:
        """Open phone and e-mail for today; it counts against the caller's budget, once a day for each contact.

        Asked again it costs nothing, and its answer is only for who sees the contact at that moment: so no answer is kept for
        the same key, and the event of a refusal stays.
        """
        self.refuse_body()
        contact = self.get_object()
        reveal_contact(actor=self.actor, contact=contact)
        return self.done(contact)


API_ROUTES = (("companies", CompanyViewSet, "company"), ("contacts", ContactViewSet, "contact"))
