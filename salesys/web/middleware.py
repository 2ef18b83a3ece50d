"""Language, time zone and currency of the person who looks."""

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
