"""A year has one open draft, however many set its goal at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planning.models import YearPlan
from tests.at_once import committed, posting, statuses
from tests.personas import PersonaCompany

__all__ = ["committed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_goals_of_one_year_are_one_draft(committed: PersonaCompany) -> None:
    people = (committed.owner, committed.director)
    assert statuses(*[posting(each, "/plan/goal/", {"year": 2030, "goal": "1000"}) for each in people]) == [302, 302]
    assert [(plan.version, plan.goal) for plan in YearPlan.all_rows.all()] == [(1, Decimal("1000.00"))]
