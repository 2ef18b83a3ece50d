"""A new deal finds its company in the form, among those that one may sell to."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.models import Company, Deal, Relationship
from salesys.db.effective import from_date
from tests.factories import CompanyFactory
from tests.personas import Persona, PersonaCompany
from tests.pipeline.factories import DealFactory


@pytest.fixture
def clients(company: PersonaCompany) -> PersonaCompany:
    """The seller holds Zarya Works, a rival Zarya Stores; the seller has only an open deal with Zarya Mills."""
    for persona, name in ((company.seller, "Zarya Works"), (company.rival_seller, "Zarya Stores")):
        row = CompanyFactory(name=name, city="Perm")
        Relationship.all_rows.create(company=row, employee=persona.employee, kind="hunter", valid=from_date(company.start))
    DealFactory(seller=company.seller.employee, company=CompanyFactory(name="Zarya Mills"))
    return company


def offered(persona: Persona, text: str) -> list[str]:
    response = persona.client.get("/deals/new/companies/", {"q": text})
    return [row.name for row in response.context["companies"]]


def sent(persona: Persona, **data: Any) -> Any:
    return persona.client.post("/deals/new/", {"title": "Presses", "amount": "10", **data})


def test_companies_are_found_among_those_that_one_may_sell_to(clients: PersonaCompany) -> None:
    assert offered(clients.seller, "zarya") == ["Zarya Works"]
    assert offered(clients.seller, "") == ["Zarya Works"]
    assert offered(clients.rival_seller, "works") == []
    assert offered(clients.owner, "zarya") == ["Zarya Mills", "Zarya Stores", "Zarya Works"]
    assert offered(clients.seller, "\0") == ["Zarya Works"]


def test_the_form_opens_without_a_company_and_takes_the_chosen_one(clients: PersonaCompany) -> None:
    page = clients.seller.client.get("/deals/new/")
    assert page.status_code == 200
    assert 'data-url="/deals/new/companies/"' in page.content.decode()
    assert next(iter(page.context["form"].fields)) == "company"
    assert "seller" not in page.context["form"].fields
    assert "seller" in clients.head.client.get("/deals/new/").context["form"].fields
    works = Company.all_rows.get(name="Zarya Works")
    assert sent(clients.seller, company=works.pk, company_text="Zarya Works").status_code == 302
    made = Deal.all_rows.get(title="Presses")
    assert (made.company_id, made.seller) == (works.pk, clients.seller.employee)


def test_a_name_that_is_typed_whole_is_enough(clients: PersonaCompany) -> None:
    assert sent(clients.seller, company="", company_text="Zarya Works").status_code == 302
    assert Deal.all_rows.get(title="Presses").company == Company.all_rows.get(name="Zarya Works")


@pytest.mark.parametrize("typed", ["Zarya", "Zarya Stores", "Zarya Mills", "", "\0", "²", "9" * 40])
def test_what_is_no_client_of_ones_own_is_refused_and_stays_typed(clients: PersonaCompany, typed: str) -> None:
    response = sent(clients.seller, company_text=typed)
    assert response.status_code == 400
    assert "company" in response.context["form"].errors
    assert 'value="Presses"' in response.content.decode()
    assert not Deal.all_rows.filter(title="Presses").exists()


def test_a_company_of_others_is_refused_by_its_number_and_not_named(clients: PersonaCompany) -> None:
    stores = Company.all_rows.get(name="Zarya Stores")
    response = sent(clients.seller, company=stores.pk)
    assert response.status_code == 400
    assert "Zarya Stores" not in response.content.decode()
    assert not Deal.all_rows.filter(title="Presses").exists()


def test_a_company_of_the_address_is_not_asked_for_again(clients: PersonaCompany) -> None:
    works = Company.all_rows.get(name="Zarya Works")
    text = clients.seller.client.get("/deals/new/", {"company": works.pk}).content.decode()
    assert "data-picker" not in text
    assert f'<input type="hidden" name="company" value="{works.pk}"' in text
