"""Tells the audit trail where a request came from."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.access.audit import Origin, origin


class OriginMiddleware:
    """Sets `accounts.access.audit.origin` for one request; stands behind the middleware that gives the request its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identity = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        token = origin.set(Origin(client_address(request), identity[:64]))
        try:
            return self.get_response(request)
        finally:
            origin.reset(token)


def client_address(request: HttpRequest) -> str | None:
    """The address of the client, behind as many proxies as are trusted; what is no address counts as unknown.

    Each proxy appends whom it has heard from, so the last entries are ours and the rest could be written by anybody.
    """
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    found = chain[-trusted] if trusted and len(chain) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return None
