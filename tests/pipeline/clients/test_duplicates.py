"""A company that is with us already, where the person does not see it: told to ask, its head is asked, nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.models import Company, Task
from tests.api.conftest import Caller, caller, issues
from tests.factories import CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany

__all__ = ["caller"]

TAX = "7701234567"
REFUSED = "This tax number cannot be used"


@pytest.fixture
def hidden(company: PersonaCompany) -> Company:
    """A client of the rival seller."""
    held = RelationshipFactory(employee=company.rival_seller.employee, company__name="Harbour Cranes", company__tax_id=TAX)
    found: Company = held.company
    return found


def test_the_head_of_the_holder_is_asked_and_nothing_is_made(company: PersonaCompany, hidden: Company) -> None:
    for _try in range(2):
        page = company.seller.client.post("/companies/new/", {"name": "Cranes Ltd", "tax_id": TAX})
        assert page.status_code == 400
        assert REFUSED in page.content.decode()
        assert "Harbour" not in page.content.decode()
    assert Company.all_rows.count() == 1
    task = Task.all_rows.get()
    assert (task.assignee, task.company, task.author) == (company.rival_head.employee, hidden, None)
    assert task.title == "Sergei Sokolov wanted to add a client of ours: Harbour Cranes"
    assert "Cranes Ltd" in task.request
    assert "Rita Rossi" in task.request
    assert not Task.objects.visible_to(company.seller.user).exists()


def test_over_rest_the_question_stays_though_the_deed_is_undone(
    company: PersonaCompany, hidden: Company, caller: Callable[..., Caller]
) -> None:
    answer = caller(company.seller).post("companies/", {"name": "Cranes Ltd", "tax_id": TAX})
    assert (answer.status_code, issues(answer)) == (400, [("tax_id_taken", "tax_id", TAX)])
    own = RelationshipFactory(employee=company.second_seller.employee).company
    answer = caller(company.second_seller).patch(f"companies/{own.pk}/", {"tax_id": TAX}, **{"If-Match": "*"})
    assert (answer.status_code, issues(answer)) == (400, [("tax_id_taken", "tax_id", TAX)])
    assert Company.all_rows.filter(tax_id=TAX).count() == 1
    assert Task.all_rows.filter(assignee=company.rival_head.employee).count() == 2


def test_of_a_company_that_nobody_holds_the_director_is_asked(company: PersonaCompany) -> None:
    CompanyFactory(name="Lead", tax_id=TAX)
    assert company.seller.client.post("/companies/new/", {"name": "Lead", "tax_id": TAX}).status_code == 400
    assert Task.all_rows.get().assignee == company.director.employee


def test_who_sees_the_company_is_told_that_it_exists(company: PersonaCompany, hidden: Company) -> None:
    page = company.rival_seller.client.post("/companies/new/", {"name": "Again", "tax_id": TAX})
    assert page.status_code == 400
    assert "already exists" in page.content.decode()
    assert not Task.all_rows.exists()
