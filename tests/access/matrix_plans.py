"""What each role gets from plans over REST: lists keep to the reach, what is not there reads the same for everyone."""

from __future__ import annotations

from tests.access.rows import Kwargs, Row, every

KEY = {"Idempotency-Key": "matrix-plans"}


def absent(name: str = "pk") -> Kwargs:
    """Arguments that lead to nothing."""
    return lambda _company: {name: 999_999}


ROWS = [
    Row("api:plan-list", every(200)),
    Row("api:plan-node-list", every(200)),
    Row("api:daily-target-list", every(400), note="without dates"),
    Row("api:plan-detail", every(404), absent()),
    Row("api:plan-node-detail", every(404), absent()),
    Row("api:plan-distribute", every(404), absent(), method="post", headers=KEY),
    Row("api:plan-agree", every(404), absent(), method="post", headers=KEY),
    Row("/api/v1/no-such-thing/", every(404)),
]
