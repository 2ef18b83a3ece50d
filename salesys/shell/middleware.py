"""Errors that services raise on purpose, and values that no column can hold, become pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed, NotVisible, SalesysError

log = structlog.get_logger()
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


def is_unstorable(exception: Exception) -> bool:
    """Whether the database or its driver refused a value that came past every form: a number too large, the character NUL."""
    is_nul = isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
    return isinstance(exception, DataError) or is_nul


class ErrorPageMiddleware:
    """Turns `salesys.kernel.errors` into 400, 403, 404 and 409 pages; every other error goes its way to the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for errors of ours that a view let through, and for values that cannot be stored."""
        if isinstance(exception, SalesysError):
            return error_page(request, status_of(exception), exception)
        if is_unstorable(exception):
            log.warning("value that cannot be stored", path=request.path, error=str(exception))
            return error_page(request, 400)
        return None
