"""A name is one scheme's, however many choose it at once."""

from __future__ import annotations

import pytest

from compensation.models import Scheme
from tests.at_once import committed, posting, statuses
from tests.personas import PersonaCompany

__all__ = ["committed"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_schemes_of_one_name_are_one_scheme(committed: PersonaCompany) -> None:
    people = (committed.owner, committed.director)
    assert statuses(*[posting(each, "/schemes/new/", {"name": "Night shift"}) for each in people]) == [302, 400]
    assert Scheme.all_rows.filter(name="Night shift").count() == 1
