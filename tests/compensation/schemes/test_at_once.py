"""A name is one scheme's, however many choose it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from compensation.models import Scheme
from salesys.db.organisation import forget_organisation
from tests.at_once import statuses
from tests.personas import Persona, PersonaCompany, make_company

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed() -> Iterator[PersonaCompany]:
    """The company, committed, so that other connections see it."""
    yield make_company()
    forget_organisation()


def posting(persona: Persona, path: str, data: dict[str, Any]) -> Callable[[], Any]:
    browser = persona.client
    return lambda: browser.post(path, data)


def test_two_schemes_of_one_name_are_one_scheme(committed: PersonaCompany) -> None:
    people = (committed.owner, committed.director)
    assert statuses(*[posting(each, "/schemes/new/", {"name": "Night shift"}) for each in people]) == [302, 400]
    assert Scheme.all_rows.filter(name="Night shift").count() == 1
