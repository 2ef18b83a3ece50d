"""The access table against the design, line by line, and what each reach opens in the company of the tests."""

from __future__ import annotations

import pytest
from django.apps import apps

from accounts.access.table import REACHES, reaches_of
from accounts.access.viewer import viewer_of
from accounts.models import Assignment, Employee, User
from accounts.roles import Role
from pipeline.models import Company, Contact
from salesys.db import clock
from salesys.db.base import ScopedModel
from tests.factories import ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany

DESIGN: dict[str, dict[Role, str]] = {
    "clients": {
        Role.OWNER: "all",
        Role.COMMERCIAL_DIRECTOR: "all",
        Role.INDUSTRY_HEAD: "direction",
        Role.SELLER: "own",
        Role.CLIENT_MANAGER: "own",
        Role.TELESALES: "entry",
        Role.ASSISTANT: "cards",
        Role.VIP_MANAGER: "corporate",
    },
    "payments": {
        Role.OWNER: "all",
        Role.COMMERCIAL_DIRECTOR: "all",
        Role.INDUSTRY_HEAD: "direction",
        Role.SELLER: "own",
        Role.CLIENT_MANAGER: "own",
        Role.TELESALES: "none",
        Role.ASSISTANT: "none",
        Role.VIP_MANAGER: "own",
    },
    "commissions": {
        Role.OWNER: "all",
        Role.COMMERCIAL_DIRECTOR: "all",
        Role.INDUSTRY_HEAD: "team",
        Role.SELLER: "own",
        Role.CLIENT_MANAGER: "own",
        Role.TELESALES: "own",
        Role.ASSISTANT: "own",
        Role.VIP_MANAGER: "own",
    },
    "plans": {
        Role.OWNER: "all",
        Role.COMMERCIAL_DIRECTOR: "all",
        Role.INDUSTRY_HEAD: "team",
        Role.SELLER: "own",
        Role.CLIENT_MANAGER: "own",
        Role.TELESALES: "own",
        Role.ASSISTANT: "own",
        Role.VIP_MANAGER: "own",
    },
}


@pytest.mark.parametrize("kind", sorted(DESIGN))
def test_the_table_says_what_the_design_says(kind: str) -> None:
    assert {role: reaches_of(role).get(kind, "none") for role in DESIGN[kind]} == DESIGN[kind]


def test_the_administrator_and_hr_reach_no_data_of_clients() -> None:
    client_data = {"clients", "deals", "payments", "calls", "call_lists", "plans"}
    assert client_data.isdisjoint(reaches_of(Role.ADMINISTRATOR))
    assert client_data.isdisjoint(reaches_of(Role.HR))


@pytest.mark.parametrize("kind", sorted(REACHES))
def test_a_role_has_one_reach_per_kind(kind: str) -> None:
    roles = [role for members in REACHES[kind].values() for role in members]
    assert len(roles) == len(set(roles))


def test_no_role_and_an_unknown_role_reach_nothing() -> None:
    assert reaches_of("") == {}
    assert reaches_of("pirate") == {}


def test_every_reach_of_a_kind_is_defined_by_its_rows() -> None:
    """A reach without a method would be an error at the first request of a role; here it is one at once."""
    missing = []
    for model in apps.get_models():
        if not issubclass(model, ScopedModel):
            continue
        rows = model.objects.queryset_class
        reaches = set(REACHES.get(rows.scope, {})) - {"all", "none"}
        by_itself = "visible_to" in vars(rows)
        missing += [f"{model.__name__}.{reach}" for reach in reaches if not by_itself and not hasattr(rows, f"reach_{reach}")]
    assert missing == []


def held(company: PersonaCompany) -> dict[str, Company]:
    """A client of each of the sellers, the rival's in the other direction."""
    mine = RelationshipFactory(employee=company.seller.employee, company__direction=company.machinery).company
    colleague = RelationshipFactory(employee=company.second_seller.employee, company__direction=company.machinery).company
    rival = RelationshipFactory(employee=company.rival_seller.employee, company__direction=company.retail).company
    for client in (mine, colleague, rival):
        ContactFactory(company=client)
    return {"mine": mine, "colleague": colleague, "rival": rival}


@pytest.mark.parametrize(
    ("persona", "visible"),
    [
        ("owner", {"mine", "colleague", "rival"}),
        ("director", {"mine", "colleague", "rival"}),
        ("head", {"mine", "colleague"}),
        ("rival_head", {"rival"}),
        ("seller", {"mine"}),
        ("second_seller", {"colleague"}),
        ("rival_seller", {"rival"}),
        ("telesales", set()),
        ("assistant", set()),
        ("client_manager", set()),
        ("vip_manager", set()),
        ("base_manager", set()),
        ("marketer", set()),
        ("accountant", set()),
        ("hr", set()),
        ("administrator", set()),
        ("unassigned", set()),
    ],
)
def test_each_role_sees_its_clients_and_their_contacts(company: PersonaCompany, persona: str, visible: set[str]) -> None:
    clients = held(company)
    user = getattr(company, persona).user
    names = {client.pk: name for name, client in clients.items()}
    assert {names[row.pk] for row in Company.objects.visible_to(user)} == visible
    assert {names[row.company_id] for row in Contact.objects.visible_to(user)} == visible


def test_a_head_sees_the_assignments_of_the_team_alone(company: PersonaCompany) -> None:
    seen = set(Assignment.objects.visible_to(company.head.user).values_list("employee__code", flat=True))
    assert seen == {"head", "seller", "second_seller", "telesales", "assistant", "client_manager"}
    own = Assignment.objects.visible_to(company.seller.user).values_list("employee__code", flat=True)
    assert list(own) == ["seller"]


def test_a_closed_account_sees_nothing(company: PersonaCompany) -> None:
    User.objects.filter(pk=company.owner.user.pk).update(is_active=False)
    user = User.objects.get(pk=company.owner.user.pk)
    assert viewer_of(user).reaches == {}
    assert not Employee.objects.visible_to(user).exists()


def test_the_viewer_is_looked_up_once_and_cheaply(company: PersonaCompany, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=company.head.user.pk)
    clock.today()  # reads the company's time zone, once in half a minute
    with django_assert_num_queries(3):  # type: ignore[operator]
        first = viewer_of(user)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert viewer_of(user) is first
