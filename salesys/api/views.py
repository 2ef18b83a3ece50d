"""The root of the API, its description as a document and as pages, and a problem for every address that is not there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from salesys.api import description
from salesys.api.routes import ROUTES
from salesys.rest.problems import problem

__all__ = ["NothingHere", "RootView", "SchemaView", "description", "swagger"]


class SchemaView(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document."""

    permission_classes = (IsAuthenticated,)


@extend_schema(exclude=True)
class RootView(APIView):
    """Where everything is."""

    def get(self, request: Request) -> Response:
        """Name -> address of every resource, and of the description."""
        lists = {prefix: reverse(f"api:{basename}-list", request=request) for prefix, _viewset, basename in ROUTES}
        return Response({**lists, "schema": reverse("api:schema", request=request), "docs": reverse("api:docs", request=request)})


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Every other address below the root: whatever the method, there is nothing."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who may not come in learns that first."""
        super().initial(request, *args, **kwargs)
        self.http_method_names = []

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Not found, in the form of the API."""
        return problem(404, detail=f"There is no {request.path}.")


@require_GET
def swagger(request: HttpRequest) -> HttpResponse:
    """The description as a page on which requests can be tried."""
    return render(request, "api/swagger.html")
