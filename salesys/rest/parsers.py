"""JSON as it comes in: what cannot be read is a problem of the sender's, never ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJsonParser(JSONParser):
    """One JSON object in UTF-8."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The object; raises `ParseError` for anything else, a body nested beyond reason included."""
        try:
            data: Any = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        if not isinstance(data, dict):
            raise ParseError(_("The body must be one JSON object."))
        return data
