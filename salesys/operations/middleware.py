"""An id for each request, from the proxy or of our own, in every log line and in the answer."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware

HEADER = "X-Request-ID"
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
FOR_MACHINES = ("/health/", "/metrics")
QUIET_PATHS = (*FOR_MACHINES, "/static/")

log = structlog.get_logger("salesys.request")


def request_id(request: HttpRequest) -> str:
    """The id that the proxy gave, when it can be trusted not to spoil the log; else a new one."""
    given = request.headers.get(HEADER, "")
    return given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex


class RequestLogMiddleware:
    """Binds the request id for the time of the request and logs one line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        identity = request_id(request)
        with structlog.contextvars.bound_contextvars(request_id=identity):
            response = self.get_response(request)
            response.headers[HEADER] = identity
            if not request.path.startswith(QUIET_PATHS):
                self.tell(request, response, milliseconds=round((time.perf_counter() - begin) * 1000, 1))
        return response

    def tell(self, request: HttpRequest, response: HttpResponse, *, milliseconds: float) -> None:
        """The line; without the query string, which may hold names and numbers of clients."""
        user = getattr(request, "user", None)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=milliseconds,
            user=getattr(user, "pk", None),
        )


class HostMiddleware(CommonMiddleware):
    """Django's own, which refuses unknown hosts; what machines read is answered under whatever name they reach it.

    A load balancer asks a container by its number, Prometheus by the one that it found; neither page uses the host.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """None when the request may go on, else a redirect."""
        return None if request.path.startswith(FOR_MACHINES) else super().process_request(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's own, except that it does not look up who asks for what is open to all: neither database nor Redis need answer."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """None when the request may go on, else a redirect to the sign-in page."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
