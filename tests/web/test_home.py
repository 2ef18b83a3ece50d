"""Everyone signs in to a page of their own."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from tests.personas import PersonaCompany


@pytest.mark.parametrize("role", list(Role))
def test_home_opens_for_every_role(company: PersonaCompany, role: Role) -> None:
    response = company.by_role(role).client.get("/")

    assert response.status_code == 200
    assert "<h1>" in response.content.decode()
