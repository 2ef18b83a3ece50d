"""A pair of servers of one test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from salesys.embedded import servers
from salesys.embedded.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """Where nothing runs yet, in a folder with a space and Cyrillic letters in its name; stopped in the end."""
    found = Places(tmp_path / "отдел продаж" / "var" / "embedded")
    yield found
    servers.stop(found, even_if_used=True)
