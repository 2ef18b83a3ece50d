"""Viewsets in a few lines: a street says which rows, which serializer and which service; the rest is here.

class CompanyViewSet(Listed, Created, Updated, Resource):
resource = "companies"
model = Company
ordering = ("name_key", "pk")
related = ("industry", "direction")
serializer_class = CompanySerializer
filterset_class = CompanyFilter

def create_row(self, values): return create_company(actor=self.actor, fields=values)
def update_row(self, row, values): return update_company(actor=self.actor, company=row, fields=values)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from salesys.kernel.errors import Issue, NotVisible
from salesys.rest.access import reaches
from salesys.rest.filters import check_names
from salesys.rest.idempotency import answer_once
from salesys.rest.serializers import StrictSerializer
from salesys.rest.versions import RowVersion, etag_of, is_unchanged, require_version


class Resource(GenericViewSet[Any]):
    """Rows of one model, as far as the caller may see them.

    Attributes:
        resource: Name in addresses and token scopes: `companies:read`.
        model: A scoped model.
        ordering: One field and `pk`, or `pk` alone, in one direction.
        related: Foreign keys that the serializer reads.
        has_versions: Whether single rows carry an ETag; False for rows that never change.
        answered_anew: Actions that may be done again without harm, and whose answer is the caller's only as of now: neither
            is their answer kept, nor is what a refusal leaves behind undone with it.
        read_by: Actions that are done to be shown something: a token needs to read, too.
    """

    resource: ClassVar[str] = ""
    model: ClassVar[Any] = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    related: ClassVar[tuple[str, ...]] = ()
    has_versions: ClassVar[bool] = True
    answered_anew: ClassVar[frozenset[str]] = frozenset()
    read_by: ClassVar[frozenset[str]] = frozenset()
    lookup_value_regex = r"[0-9]{1,18}"
    lookup_value_converter = "int"

    @property
    def actor(self) -> Any:
        """Who asks: a token acts as its user."""
        return self.request.user

    @property
    def may_read(self) -> bool:
        """Whether the caller may be shown rows: one who may only write changes what it knows, and learns nothing by it."""
        return reaches(self.request, f"{self.resource}:read")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After sign-in, scopes and limits: a POST is answered once per idempotency key, unless it is answered anew."""
        super().initial(request, *args, **kwargs)
        handler: Callable[..., Response] | None = getattr(self, "post", None)
        if request.method == "POST" and handler is not None and self.action not in self.answered_anew:
            self.post = partial(self._answer_once, handler)

    def _answer_once(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Response:
        return answer_once(request, lambda: handler(request, *args, **kwargs))

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()  # type: ignore[no-any-return]
        rows: QuerySet[Any] = self.model.objects.visible_to(self.actor)
        rows = self.narrow(rows).select_related(*self.related) if self.related else self.narrow(rows)
        return rows.annotate(row_version=RowVersion()) if self.has_versions else rows

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """A street may add annotations or leave rows out."""
        return rows

    def get_object(self) -> Any:
        """The row of the address; absent and not visible look the same. Filters of the list do not touch it."""
        return self._row(self.get_queryset())

    def locked_object(self) -> Any:
        """The same, locked until the transaction ends."""
        return self._row(self.get_queryset().select_for_update(of=("self",)))

    def _row(self, rows: QuerySet[Any]) -> Any:
        row = rows.filter(pk=self.kwargs[self.lookup_field]).first()
        if row is None:
            raise Http404
        return row

    def shown(self, row: Model) -> Response:
        """One row as an answer, with its version."""
        headers = {"ETag": self.tag_of(row)} if self.has_versions else {}
        return Response(self.represent(row), headers=headers)

    def tag_of(self, row: Model) -> str:
        """The ETag of a row as this caller sees it."""
        return etag_of(row, shade=self.shade_of(row))

    def shade_of(self, row: Any) -> str:
        """A word for how much of the row this caller sees, where two versions of one row may differ in that; lower case."""
        return ""

    def represent(self, row: Model) -> Any:
        """The row as the caller reads it."""
        serializer_class: type[BaseSerializer[Any]] = self.serializer_class  # type: ignore[assignment]
        return serializer_class(row, context=self.get_serializer_context()).data

    def sent(self, serializer_class: type[BaseSerializer[Any]]) -> Any:
        """The checked body of an action."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def refuse_body(self) -> None:
        """Nothing can be said with this action: whoever sends something believes that it does something."""
        self.sent(StrictSerializer)

    def done(self, row: Model, code: int = status.HTTP_200_OK, *, is_own: bool = False) -> Response:
        """The row after a deed; only its id when it is beyond the caller's reach now, or beyond the scopes of the token.

        Args:
            row: What the deed was done to.
            code: The HTTP status.
            is_own: Whether the caller has just written all of it.
        """
        seen = self.reread(row.pk)
        if seen is None or not (is_own or self.may_read):
            return Response({"id": row.pk}, status=code)
        response = self.shown(seen)
        response.status_code = code
        return response

    def reread(self, pk: Any) -> Any:
        """A row just written, as the caller will read it; None when it is beyond the caller's reach now."""
        return self.get_queryset().filter(pk=pk).first()


class Listed:
    """GET of the list and of one row."""

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of the rows."""
        check_names(request.query_params, self.known_filters())
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)  # type: ignore[no-any-return]

    def known_filters(self: Any) -> Sequence[str]:
        """Names of the list's own parameters."""
        filterset = getattr(self, "filterset_class", None)
        return tuple(filterset.base_filters) if filterset else ()

    def retrieve(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row, or 304 when the caller has this version."""
        row = self.get_object()
        if self.has_versions and is_unchanged(request, self.tag_of(row)):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": self.tag_of(row)})
        return self.shown(row)  # type: ignore[no-any-return]


class Created:
    """POST of a new row through the street's service."""

    def create(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create, and answer with the row as it can be read from now on."""
        serializer = self.write_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.created(self.create_row(dict(serializer.validated_data)))  # type: ignore[no-any-return]

    def write_serializer(self: Any, **kwargs: Any) -> BaseSerializer[Any]:
        """What the body of a POST is read with; the same as for reading unless the view names another."""
        serializer_class = getattr(self, "write_serializer_class", None) or self.serializer_class
        return serializer_class(context=self.get_serializer_context(), **kwargs)  # type: ignore[no-any-return]

    def create_row(self, values: dict[str, Any]) -> Model:
        """Call the service."""
        raise NotImplementedError

    def created(self: Any, row: Model, code: int = status.HTTP_201_CREATED) -> Response:
        """The answer: the row, its address, its version."""
        response: Response = self.done(row, code, is_own=True)
        response["Location"] = self.request.build_absolute_uri(f"{self.request.path.rstrip('/')}/{row.pk}/")
        return response


class Updated:
    """PATCH of a row through the street's service; `If-Match` says which version is changed."""

    def partial_update(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that are sent; the row is locked from the check of its version on."""
        with transaction.atomic():
            row = self.locked_object()
            require_version(request, row)
            serializer = self.change_serializer(row, data=request.data, partial=True)
            serializer.is_valid(raise_exception=True)
            self.update_row(row, dict(serializer.validated_data))
            seen = self.reread(row.pk)
        if seen is None:
            raise NotVisible(Issue("not_found", "It is beyond your reach now."))
        if not self.may_read:
            return Response({"id": seen.pk}, headers={"ETag": self.tag_of(seen)})
        return self.shown(seen)  # type: ignore[no-any-return]

    def change_serializer(self: Any, row: Model, **kwargs: Any) -> BaseSerializer[Any]:
        """What the body of a PATCH is read with."""
        serializer_class = getattr(self, "change_serializer_class", None) or self.serializer_class
        return serializer_class(row, context=self.get_serializer_context(), **kwargs)  # type: ignore[no-any-return]

    def update_row(self, row: Any, values: dict[str, Any]) -> Any:
        """Call the service."""
        raise NotImplementedError
