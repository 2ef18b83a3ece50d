"""Language, time zone and currency of the person who looks, and no copy of what they saw left behind."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from salesys.db.organisation import company_time_zone, organisation
from salesys.shell.regional import currency_in_use

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
MACHINE_PATHS = ("/health/", "/metrics", "/static/")
"""Answered without a look into the database: a process is alive also when the database is not."""


class RegionalMiddleware:
    """Activates the signed-in user's language, the company's time zone and its currency for one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINE_PATHS):
            return self.get_response(request)
        asked = getattr(request.user, "language", "")
        language = asked if asked in LANGUAGES else translation.get_language() or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        zone, currency = company_time_zone(), organisation().currency
        with translation.override(language), timezone.override(zone), currency_in_use(currency):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class PrivateMiddleware:
    """Lets no browser and no proxy keep what a signed-in person has seen, unless the view says how long it may.

    Whoever sits down at the same machine after a sign-out or a dismissal, and presses Back, gets the sign-in page instead of
    the last client. Programs keep their own copies by ETag, which this does not touch.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Not for a fault of ours: who asks may be what could not be found out
        if response.status_code < 500 and "Cache-Control" not in response.headers and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response
