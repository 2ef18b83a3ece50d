"""Fixtures that every test may use; the embedded servers run before the first of them."""

from __future__ import annotations

import pytest

from salesys.embedded.servers import start_if_needed


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, unless others are named or nothing is going to be run."""
    if not config.option.collectonly:
        start_if_needed()
