"""Django's own errors in the product's look; `salesys.urls` names these handlers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from salesys.shell.middleware import error_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is absent and what is not the viewer's."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither database nor session, because those may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that was open too long, or from another site."""
    body = render_to_string("errors/csrf.html", {"status": 403}, request)
    return HttpResponse(body, status=403)
