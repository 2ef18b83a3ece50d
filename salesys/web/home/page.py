"""What a start page is to the view: a template and its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class HomePage:
    """Template and context of one role's start page."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
