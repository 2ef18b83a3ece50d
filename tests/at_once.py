"""Several requests at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from salesys.db.organisation import forget_organisation
from tests.personas import Persona, PersonaCompany, make_company


@pytest.fixture
def committed() -> Iterator[PersonaCompany]:
    """The company, committed, so that other connections see it."""
    yield make_company()
    forget_organisation()


def posting(persona: Persona, path: str, data: dict[str, Any]) -> Callable[[], Any]:
    """A form that the persona sends when called, in a browser of its own."""
    browser = persona.client
    return lambda: browser.post(path, data)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed answered, in their order; an error is raised on."""
    start = Barrier(len(deeds), timeout=60)

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def statuses(*requests: Callable[[], Any]) -> list[int]:
    """The statuses that the requests got, sorted."""
    return sorted(response.status_code for response in at_once(*requests))
