"""Errors that services raise on purpose, and what the database refuses, become pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from salesys.db.refusals import Refusal, refusal_of
from salesys.kernel.errors import Conflict, InvalidInput, Issue, NotAllowed, NotVisible, SalesysError

log = structlog.get_logger()
STATUSES: tuple[tuple[type[SalesysError], int], ...] = (
    (NotVisible, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (InvalidInput, 400),
)
RETRY_AFTER_SECONDS = 1
AWAY_SECONDS = 30


def status_of(error: SalesysError) -> int:
    """The HTTP status of an error; an unknown kind is a bad request."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 400)


def error_page(request: HttpRequest, status: int, error: SalesysError | None = None, *, name: str = "") -> HttpResponse:
    """The page of one status in the product's look, or the one called `name`; names the issues where there are any.

    What is absent and what is not the viewer's read the same, so a 404 never repeats its issues.
    """
    issues = error.issues if error is not None and status != 404 else ()
    body = render_to_string(f"errors/{name or status}.html", {"issues": issues, "status": status}, request)
    return HttpResponse(body, status=status)


class ErrorPageMiddleware:
    """Turns `salesys.kernel.errors` into 400, 403, 404 and 409 pages, what the database refuses into 400, 409 and 503, and what
    needs Redis while it is away (signing in, ADR 70) into 503.

    Every other error goes its way to the 500 page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for errors of ours that a view let through, and for those of the database that the sender can act on."""
        if isinstance(exception, SalesysError):
            return error_page(request, status_of(exception), exception)
        if isinstance(exception, RedisError):
            log.error("redis does not answer", path=request.path, error=type(exception).__name__)
            return _later(error_page(request, 503, name="away"), AWAY_SECONDS)
        refusal = refusal_of(exception)
        if refusal is None:
            return None
        log.warning("refused by the database", path=request.path, refusal=refusal.value, error=str(exception))
        if refusal is Refusal.TAKEN:
            return error_page(request, 409, Conflict(_taken()))
        if refusal is Refusal.UNSTORABLE:
            return error_page(request, 400)
        return _later(error_page(request, 503), RETRY_AFTER_SECONDS)


def _later(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Retry-After"] = str(seconds)
    return response


def _taken() -> Issue:
    problem = _("This contradicts a row that is there already.")
    return Issue("taken", problem, remedy=_("Go back, look at what is there by now, and send it again if it is still needed."))
