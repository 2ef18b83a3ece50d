"""Errors that services raise on purpose become pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed, NotVisible, SalesysError

STATUSES: tuple[tuple[type[SalesysError], int], ...] = (
    (NotVisible, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (InvalidInput, 400),
)


def status_of(error: SalesysError) -> int:
    """The HTTP status of an error; an unknown kind is a bad request."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 400)


def error_page(request: HttpRequest, status: int, error: SalesysError | None = None) -> HttpResponse:
    """The page of one status in the product's look; names the issues where there are any.

    What is absent and what is not the viewer's read the same, so a 404 never repeats its issues.
    """
    issues = error.issues if error is not None and status != 404 else ()
    body = render_to_string(f"errors/{status}.html", {"issues": issues, "status": status}, request)
    return HttpResponse(body, status=status)


class ErrorPageMiddleware:
    """Turns `salesys.kernel.errors` into 400, 403, 404 and 409 pages; every other error goes its way to the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for errors of ours that a view let through."""
        return error_page(request, status_of(exception), exception) if isinstance(exception, SalesysError) else None
