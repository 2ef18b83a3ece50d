"""The resources of every street, in the order in which the description lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.money.api import API_ROUTES as MONEY

Route = tuple[str, Any, str]

ROUTES: Sequence[Route] = (*MONEY,)
