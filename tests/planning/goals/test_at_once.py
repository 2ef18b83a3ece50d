"""A year has one open draft, however many set its goal at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from planning.models import YearPlan
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


def test_two_goals_of_one_year_are_one_draft(committed: PersonaCompany) -> None:
    people = (committed.owner, committed.director)
    assert statuses(*[posting(each, "/plan/goal/", {"year": 2030, "goal": "1000"}) for each in people]) == [302, 302]
    assert [(plan.version, plan.goal) for plan in YearPlan.all_rows.all()] == [(1, Decimal("1000.00"))]
