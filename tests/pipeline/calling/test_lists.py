"""Who says what about a call list: its people and script, and to whom its warm contacts go."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from pipeline.calling.lists import update_list
from pipeline.models import CallList, CallListMember
from salesys.kernel.errors import NotAllowed
from tests.personas import PersonaCompany


@pytest.fixture
def shared(company: PersonaCompany) -> CallList:
    """A list of the second direction that a telesales person of the first one calls, too."""
    made: CallList = CallList.all_rows.create(name="Retail", direction=company.retail, seller=company.rival_seller.employee)
    CallListMember.all_rows.create(call_list=made, employee=company.telesales.employee)
    return made


def route(shared: CallList) -> tuple[int | None, int | None]:
    row = CallList.all_rows.get(pk=shared.pk)
    return row.direction_id, row.seller_id


@pytest.mark.parametrize("field", ["seller", "direction"])
def test_whose_people_only_call_a_list_does_not_turn_its_contacts_to_their_own(
    company: PersonaCompany, shared: CallList, field: str
) -> None:
    before = route(shared)
    values = {"seller": company.seller.employee, "direction": company.machinery}
    with pytest.raises(NotAllowed):
        update_list(actor=company.head.user, call_list=shared, fields={field: values[field]})
    assert route(shared) == before
    assert not AuditEvent.all_rows.filter(action="call_list.updated").exists()


def test_the_form_keeps_what_is_not_theirs_to_say(company: PersonaCompany, shared: CallList) -> None:
    before, address = route(shared), reverse("pipeline:call_list_edit", args=[shared.pk])
    sent = {
        "name": "Retail, mornings",
        "seller": company.seller.employee.pk,
        "direction": company.machinery.pk,
        "is_active": "on",
    }
    assert company.head.client.post(address, sent).status_code == 302
    assert CallList.all_rows.get(pk=shared.pk).name == "Retail, mornings"
    assert route(shared) == before


@pytest.mark.parametrize("persona", ["rival_head", "base_manager", "director"])
def test_the_head_of_its_direction_and_who_sees_all_lists_route_it(
    company: PersonaCompany, shared: CallList, persona: str
) -> None:
    update_list(actor=getattr(company, persona).user, call_list=shared, fields={"seller": None})
    assert route(shared) == (company.retail.pk, None)


def test_a_seller_out_of_sight_stays_when_the_list_is_saved(company: PersonaCompany, shared: CallList) -> None:
    CallList.all_rows.filter(pk=shared.pk).update(direction=company.machinery)
    address = reverse("pipeline:call_list_edit", args=[shared.pk])
    page = company.head.client.get(address).content.decode()
    assert "Rita Rossi" in page
    sent = {
        "name": "Machines", "seller": company.rival_seller.employee.pk, "direction": company.machinery.pk, "is_active": "on",
    }  # fmt: skip
    assert company.head.client.post(address, sent).status_code == 302
    assert route(shared) == (company.machinery.pk, company.rival_seller.employee.pk)
