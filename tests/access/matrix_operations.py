"""What each role gets from the pages that machines read: the same as everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesys.operations import heartbeat
from tests.access.rows import Row, every
from tests.personas import PersonaCompany


def beating(_company: PersonaCompany) -> Mapping[str, Any]:
    """A job has just come through the queue: without one an installation is not ready."""
    heartbeat.beat()
    return {}


ROWS = [
    Row("operations:live", every(), anonymous=200, unassigned=200),
    Row("operations:ready", every(), kwargs=beating, anonymous=200, unassigned=200),
    Row("operations:metrics", every(), anonymous=200, unassigned=200),
]
