"""Every error of the API as a problem (RFC 9457): what is wrong, in which field, with which value, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from salesys.db.refusals import Refusal, refusal_of
from salesys.kernel.errors import Conflict, InvalidInput, Issue, NotAllowed, NotVisible, SalesysError

CONTENT_TYPE = "application/problem+json"
LONGEST_VALUE = 200
RETRY_AFTER_SECONDS = 1
log = structlog.get_logger()

OURS: tuple[tuple[type[SalesysError], int, str], ...] = (
    (NotVisible, status.HTTP_404_NOT_FOUND, "not_found"),
    (NotAllowed, status.HTTP_403_FORBIDDEN, "not_allowed"),
    (Conflict, status.HTTP_409_CONFLICT, "conflict"),
    (InvalidInput, status.HTTP_400_BAD_REQUEST, "invalid"),
)
CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "changed_meanwhile",
    413: "too_large",
    415: "unsupported_media_type",
    422: "key_reused",
    428: "version_required",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy",
}


class PreconditionFailed(exceptions.APIException):
    """The row has changed since the caller read it."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"


class PreconditionRequired(exceptions.APIException):
    """An update must say which version it changes."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_required"


class KeyReused(exceptions.APIException):
    """An idempotency key came again with another body."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"


def title_of(code: int) -> str:
    """The status in words."""
    titles = {
        400: _("The request is not right."),
        401: _("Who is asking is not known."),
        403: _("This is not allowed."),
        404: _("There is no such thing here."),
        405: _("This method is not for this address."),
        406: _("The answer is not there in this form."),
        409: _("This does not fit what is there now."),
        412: _("It was changed meanwhile."),
        413: _("The request is too large."),
        415: _("This media type is not read here."),
        422: _("This idempotency key was used with another body."),
        428: _("The version that is changed must be named."),
        429: _("Too many requests."),
        503: _("Two changes met."),
    }
    return titles.get(code, _("Something went wrong on our side."))


def problem(
    code: int, *, detail: str = "", issues: Iterable[Issue] = (), kind: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """One problem as a response.

    Args:
        code: The HTTP status.
        detail: What is wrong this time, as a sentence.
        issues: What is wrong with which field.
        kind: For programs; by default it follows from the status.
        headers: More headers.
    """
    kind = kind or CODES.get(code, "invalid")
    body: dict[str, Any] = {"type": f"urn:salesys:problem:{kind}", "title": title_of(code), "status": code, "code": kind}
    if detail:
        body["detail"] = detail
    listed = [_issue_body(issue) for issue in issues]
    if listed:
        body["issues"] = listed
    return Response(body, status=code, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def problem_page(code: int, *, detail: str = "", issues: Iterable[Issue] = ()) -> HttpResponse:
    """The same where no view of the API has answered: rendered already."""
    found = problem(code, detail=detail, issues=issues)
    return HttpResponse(JSONRenderer().render(found.data), status=code, content_type=CONTENT_TYPE)


def _issue_body(issue: Issue) -> dict[str, str]:
    return {
        "field": _writable(issue.field[:LONGEST_VALUE]),
        "value": _writable(issue.value[:LONGEST_VALUE]),
        "code": issue.code,
        "problem": _writable(_(issue.problem)),
        "remedy": _(issue.remedy) or _remedy(issue.code),
    }


def _writable(text: str) -> str:
    """Text that an answer can hold: halves of characters, which JSON may escape but UTF-8 cannot write, as escapes."""
    return text.encode(errors="backslashreplace").decode()


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: whatever a view raises becomes a problem, an unforeseen error included."""
    for family, answer in ANSWERS:
        if isinstance(error, family):
            return answer(error, context)
    log.error("unforeseen error in the API", exc_info=error)
    return problem(500)


def _validation(error: Any, context: Mapping[str, Any]) -> Response:
    return problem(400, detail=_("Some fields are not right."), issues=_validation_issues(error, context))


def _unreadable(error: Exception, _context: Mapping[str, Any]) -> Response:
    return problem(413 if isinstance(error, RequestDataTooBig) else 400, detail=_("The request cannot be read."))


def _ours(error: Any, _context: Mapping[str, Any]) -> Response:
    code, kind = next(((code, kind) for family, code, kind in OURS if isinstance(error, family)), (400, "invalid"))
    if code == status.HTTP_404_NOT_FOUND:
        return problem(code)
    detail = error.issues[0].problem if error.issues else ""
    return problem(code, detail=detail, issues=error.issues, kind=kind)


def _of_framework(error: Any, _context: Mapping[str, Any]) -> Response:
    headers: dict[str, str] = {}
    if (challenge := getattr(error, "auth_header", None)) is not None:
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ParseError):
        issue = Issue("broken_json", str(error.detail), "body", "", _("Send one JSON object in UTF-8."))
        return problem(400, detail=_("The body is not JSON."), issues=[issue], kind="broken_json")
    kind = error.default_code if error.status_code in {412, 422, 428} else ""
    return problem(error.status_code, detail=str(error.detail), kind=kind, headers=headers)


def _of_database(error: Exception, _context: Mapping[str, Any]) -> Response:
    """What passed the checks of fields and was refused by the database's own rules."""
    refusal = refusal_of(error)
    if refusal is None:
        log.error("unforeseen error of the database", exc_info=error)
        return problem(500)
    log.warning("refused by the database", refusal=refusal.value, error=str(error))
    if refusal is Refusal.UNSTORABLE:
        return problem(400, detail=_("A value is out of the range that can be stored."), kind="out_of_range")
    if refusal is Refusal.TAKEN:
        return problem(409, detail=_("This contradicts a row that is there already."))
    detail = _("The same rows were changed at the same moment. Nothing was written: send the request again.")
    return problem(503, detail=detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def _validation_issues(error: exceptions.ValidationError, context: Mapping[str, Any]) -> Iterator[Issue]:
    sent = _sent(context)
    for path, detail in _flat(error.detail, ""):
        yield Issue(
            str(getattr(detail, "code", "invalid")),
            str(detail),
            path,
            _value_at(sent, path),
            _remedy(getattr(detail, "code", "")),
        )


def _flat(detail: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Nested details as (path, detail): `lines.2.amount`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{index}".lstrip(".") if isinstance(inner, (Mapping, list)) else path)
    else:
        yield path, detail


def _sent(context: Mapping[str, Any]) -> Any:
    request = context.get("request")
    if request is None:
        return {}
    if request.method in {"GET", "HEAD"}:
        return request.query_params
    return getattr(request, "_full_data", {})


def _value_at(sent: Any, path: str) -> str:
    for part in filter(None, path.split(".")):
        sent = (
            sent.get(part, "")
            if isinstance(sent, Mapping)
            else sent[int(part)]
            if isinstance(sent, list) and part.isdigit()
            else ""
        )
    return "" if isinstance(sent, (Mapping, list)) or sent is None else str(sent)


def _remedy(code: object) -> str:
    remedies = {
        "required": _("Add this field."),
        "null": _("Give it a value or leave it out."),
        "blank": _("Write something."),
        "unknown_field": _("Leave it out."),
        "does_not_exist": _("Use the id of something that you may see."),
    }
    return remedies.get(str(code), _("Correct the value; the description of the API says what is allowed."))


ANSWERS: tuple[tuple[type[Exception], Callable[[Any, Mapping[str, Any]], Response]], ...] = (
    (SalesysError, _ours),
    (exceptions.ValidationError, _validation),
    (exceptions.APIException, _of_framework),
    (Http404, lambda _error, _context: problem(404)),
    (PermissionDenied, lambda _error, _context: problem(403)),
    (SuspiciousOperation, _unreadable),
    (DatabaseError, _of_database),
)
