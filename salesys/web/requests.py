"""Requests that nobody can read are answered before anything of them is used: by a sentence, never by a fault of ours."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import translation
from django.utils.translation import gettext as _

from salesys.kernel.errors import InvalidInput, Issue
from salesys.rest.problems import problem_page
from salesys.shell.middleware import error_page

CHARSETS = frozenset({"ascii", "utf-8", "iso8859-1", "iso8859-5", "cp1251", "cp1252", "koi8-r", "cp866"})
"""Python's own names of the encodings of text that clients send; the others are compressions, ciphers and escapes among them."""
OUR_COOKIES = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages")
"""Nothing else is looked at: whatever other cookies a browser sends, they lock nobody out."""
API = "/api/"
NUL = "\0"
UNREADABLE_TYPE = "salesys.unreadable_content_type"


class ReadableRequest(WSGIRequest):
    """A request whose `Content-Type` may be nonsense: Django reads it before any middleware could answer for it."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}
            meta[UNREADABLE_TYPE] = True


class ReadableHandler(WSGIHandler):
    """Django's own, with `ReadableRequest`."""

    request_class = ReadableRequest


class ReadableRequestMiddleware:
    """Answers 400 for what no page, no session and no column can hold; stands before whatever looks at cookies and bodies.

    Values of addresses and form fields are left to the pages, which name the field and keep what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        issue = next(faults_of(request), None)
        return self.get_response(request) if issue is None else refusal(request, issue)


def faults_of(request: HttpRequest) -> Iterator[Issue]:
    """What cannot be read of a request; the body is read last, and only where a page would read it."""
    for name in OUR_COOKIES:
        if NUL in request.COOKIES.get(name, ""):
            remedy = _("Load the page again: this cookie is deleted. If it comes back, delete the cookies of this site.")
            yield Issue("unreadable_cookie", _("A cookie of this browser is damaged."), "cookie", name, remedy)
    yield from _charset_faults(request)
    if not request.path.startswith(API):
        yield from _form_faults(request)


def _charset_faults(request: HttpRequest) -> Iterator[Issue]:
    charset = str((request.content_params or {}).get("charset", "utf-8"))
    try:
        is_text = codecs.lookup(charset).name in CHARSETS and UNREADABLE_TYPE not in request.META
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        problem = _("The request is in an encoding that is not read here.")
        yield Issue("unknown_charset", problem, "Content-Type", request.headers.get("Content-Type", ""), _("Send it in UTF-8."))


def _form_faults(request: HttpRequest) -> Iterator[Issue]:
    """A form's frame: names of fields and headers of its parts, which may name encodings of their own."""
    try:
        names = [*request.POST, *request.FILES]
    except (SuspiciousOperation, UnreadablePostError):
        raise
    except (LookupError, ValueError):
        names = [NUL]
    if any(NUL in name for name in names):
        remedy = _("Load the page again and fill it in once more.")
        yield Issue("unreadable_form", _("The form cannot be read."), "form", "", remedy)


def refusal(request: HttpRequest, issue: Issue) -> HttpResponse:
    """400 in the form that the address answers in; a damaged cookie is deleted, or the person would never get in again."""
    with translation.override(translation.get_language_from_request(request)):
        if request.path.startswith(API):
            response = problem_page(400, detail=issue.problem, issues=[issue])
        else:
            response = error_page(request, 400, InvalidInput(issue))
    if issue.field == "cookie":
        response.delete_cookie(issue.value)
    return response
