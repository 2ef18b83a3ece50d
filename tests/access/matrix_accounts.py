"""What each role gets from the pages of the `accounts` street."""

from __future__ import annotations

from tests.access.rows import Row, every

ROWS = [Row("set_language", every(302), method="post", data=lambda company: {"language": "ru"})]
