"""The description of the API: what every operation shares is added here, so that no view has to say it."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from salesys.rest.idempotency import HEADER, LONGEST_KEY
from salesys.rest.problems import CONTENT_TYPE
from salesys.rest.resources import Listed, Resource
from salesys.rest.serializers import ProblemSerializer

Direction = Literal["request", "response"]
ALWAYS = {
    "400": "Something is wrong with the request.",
    "401": "No token, or one that is not valid.",
    "403": "Not allowed.",
    "429": "Too many requests.",
}
OF_ONE = {"404": "There is no such row, or the caller may not see it."}
OF_BODY = {
    "409": "It does not fit what is there now.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "503": "Another request changed the same rows at the same moment; send this one again.",
}
OF_POST = {"422": "The idempotency key was used with another body."}
OF_PATCH = {"412": "The row was changed meanwhile.", "428": "The header If-Match is missing."}


class ResourceSchema(AutoSchema):
    """Adds headers and problems to every operation, and the tag of its resource."""

    def get_tags(self) -> list[str]:
        """The resource."""
        return [getattr(self.view, "resource", "") or "api"]

    def get_operation_id(self) -> str:
        """`company_list`, `contact_reveal`."""
        action = getattr(self.view, "action", None) or self.method.lower()
        names = {"partial_update": "update", "retrieve": "read"}
        noun = getattr(self.view, "basename", None) or self.get_tags()[0]
        return f"{noun}_{names.get(action, action)}".replace("-", "_")

    def get_override_parameters(self) -> list[Any]:
        """Headers."""
        if not isinstance(self.view, Resource):
            return []
        if self.method == "POST":
            key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"}
            is_once = getattr(self.view, "action", "") not in self.view.answered_anew
            text = "A new random value with each new deed, the same one when it is repeated."
            text = text if is_once else "Not needed: this may be asked again, and is answered anew each time."
            return [OpenApiParameter(HEADER, key, OpenApiParameter.HEADER, required=is_once, description=text)]
        if self.method == "PATCH":
            text = "The ETag of the version that is changed, or `*`."
            return [OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=text)]
        return []

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if isinstance(self.view, Resource):
            for code, text in self._problems().items():
                bodies.setdefault(code, self._problem_body(text, direction))
            self._add_headers(bodies)
        return bodies

    def _problems(self) -> dict[str, str]:
        problems = dict(ALWAYS)
        if "{" in self.path:
            problems |= OF_ONE
        if self.method in {"POST", "PATCH"}:
            problems |= OF_BODY
        return problems | (OF_POST if self.method == "POST" else OF_PATCH if self.method == "PATCH" else {})

    def _problem_body(self, text: str, direction: Direction) -> dict[str, Any]:
        reference = self.resolve_serializer(ProblemSerializer, direction).ref
        return {"description": text, "content": {CONTENT_TYPE: {"schema": reference}}}

    def _add_headers(self, bodies: dict[str, Any]) -> None:
        """ETag on single rows that have versions."""
        view: Any = self.view
        action = getattr(self.view, "action", "")
        if not view.has_versions or action not in {"retrieve", "create", "partial_update"}:
            return
        for code, body in bodies.items():
            if code in {"200", "201"}:
                body["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match."}}
        if action == "retrieve" and isinstance(self.view, Listed):
            bodies["304"] = {"description": "The caller has this version already."}
