from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.roles import Role
from compensation.engine.newness import NewUntil
from compensation.engine.terms import (
    Basis,
    Component,
    CreditRole,
    Newness,
    PlanBonus,
    Rate,
    Salary,
    SchemeTerms,
    StepUnit,
    TeamPool,
    Tier,
    TierMode,
    TierOn,
)
from compensation.models import Component as ComponentRow
from compensation.models import Scheme, SchemeAssignment, SchemeVersion
from compensation.schemes.examples import create_example_schemes
from compensation.schemes.services import assign_scheme, create_scheme, end_scheme_assignment, save_scheme_version
from compensation.schemes.terms import scheme_terms
from salesys.kernel.errors import InvalidInput, NotAllowed
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

TIERS = (Tier(Decimal(0), Decimal(100), Decimal("0.05")), Tier(Decimal(100), None, Decimal("0.1")))
FULL = SchemeTerms(
    (
        Component("salary", "Salary", Salary(Decimal(60_000))),
        Component("flat", "Flat", Rate(CreditRole.HUNTER, Basis.REVENUE, Newness.NEW, Decimal("0.1"), category="x")),
        Component(
            "tiers",
            "Tiers",
            Rate(
                CreditRole.VIP,
                tiers=TIERS,
                tier_on=TierOn.ATTAINMENT,
                tier_mode=TierMode.WHOLE,
                floor=Decimal(1),
                cap=Decimal(9),
            ),
        ),
        Component("bonus", "Bonus", PlanBonus(TIERS, StepUnit.SALARY_SHARE)),
        Component("pool", "Pool", TeamPool(Decimal("0.03"), Decimal(100))),
    ),
    NewUntil.parse("days:90"),
)


def spans(scheme: Scheme) -> list[tuple[date, date | None]]:
    return [(version.valid_from, version.valid_to) for version in SchemeVersion.all_rows.filter(scheme=scheme).order_by("valid")]


def test_terms_are_read_as_they_were_saved(company: PersonaCompany) -> None:
    scheme = create_scheme(actor=company.director.user, name=" Everything ")
    save_scheme_version(actor=company.director.user, scheme=scheme, terms=FULL, from_on=day(1), note="First")
    assert scheme.name == "Everything"
    assert scheme_terms(scheme.versions.get()) == FULL


def test_a_new_version_ends_the_one_before_and_fits_before_a_later_one() -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    save_scheme_version(actor=None, scheme=scheme, terms=FULL, from_on=day(6))
    save_scheme_version(actor=None, scheme=scheme, terms=FULL, from_on=day(3))
    assert spans(scheme) == [(day(1), day(3)), (day(3), day(6)), (day(6), None)]


def test_what_was_promised_is_not_overwritten() -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    with pytest.raises(InvalidInput) as error:
        save_scheme_version(actor=None, scheme=scheme, terms=FULL, from_on=day(1))
    assert [(issue.code, issue.field) for issue in error.value.issues] == [("version_exists", "from_on")]
    assert spans(scheme) == [(day(1), None)]


def test_a_negative_rate_names_field_and_value_and_saves_nothing() -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    terms = SchemeTerms((Component("rate", "Rate", Rate(CreditRole.HUNTER, rate=Decimal("-0.1"))),))
    with pytest.raises(InvalidInput) as error:
        save_scheme_version(actor=None, scheme=scheme, terms=terms, from_on=day(2))
    assert [(issue.code, issue.field, issue.value) for issue in error.value.issues] == [
        ("negative", "components[0].rate", "-0.1")
    ]
    assert spans(scheme) == [(day(1), None)]


def test_the_database_itself_refuses_overlaps_and_negative_rates() -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    with pytest.raises(DatabaseError, match="scheme_one_version_at_a_time"), transaction.atomic():
        SchemeVersion.all_rows.create(scheme=scheme, valid=(day(5), None))
    version = scheme.versions.get()
    with pytest.raises(DatabaseError, match="component_has_what_its_kind_needs"), transaction.atomic():
        ComponentRow.all_rows.create(
            version=version,
            position=9,
            code="x",
            name="X",
            kind="rate",
            rate=-1,
            credit_role="hunter",
            basis="margin",
            newness="any",
        )
    assert ComponentRow.all_rows.filter(version=version).count() == 1


def test_names_of_schemes_are_needed_and_unique(company: PersonaCompany) -> None:
    create_scheme(actor=company.owner.user, name="Hunter")
    for name, code in ((" ", "no_name"), ("Hunter", "name_taken")):
        with pytest.raises(InvalidInput) as error:
            create_scheme(actor=company.owner.user, name=name)
        assert error.value.issues[0].code == code
    assert Scheme.all_rows.count() == 1


@pytest.mark.parametrize("persona", ["accountant", "head", "seller", "administrator"])
def test_only_owner_and_director_decide_on_pay(company: PersonaCompany, persona: str) -> None:
    user, scheme = getattr(company, persona).user, world.scheme(Salary(Decimal(1)))
    with pytest.raises(NotAllowed):
        create_scheme(actor=user, name="Mine")
    with pytest.raises(NotAllowed):
        save_scheme_version(actor=user, scheme=scheme, terms=FULL, from_on=day(2))
    with pytest.raises(NotAllowed):
        assign_scheme(actor=user, scheme=scheme, role=Role.SELLER, from_on=day(1))
    assert (Scheme.all_rows.count(), SchemeVersion.all_rows.count(), SchemeAssignment.all_rows.count()) == (1, 1, 0)


def test_an_assignment_ends_the_one_before_it(company: PersonaCompany) -> None:
    first, second = world.scheme(Salary(Decimal(1))), world.scheme(Salary(Decimal(2)))
    seller = company.seller.employee
    assign_scheme(actor=company.owner.user, scheme=first, employee=seller, from_on=day(1))
    latest = assign_scheme(actor=company.owner.user, scheme=second, employee=seller, from_on=day(4))
    end_scheme_assignment(actor=company.owner.user, assignment=latest, on=day(8))
    rows = SchemeAssignment.all_rows.filter(employee=seller).order_by("valid")
    assert [(row.scheme, row.valid_from, row.valid_to) for row in rows] == [(first, day(1), day(4)), (second, day(4), day(8))]


@pytest.mark.parametrize("both", [True, False])
def test_a_scheme_is_given_to_a_person_or_a_role(company: PersonaCompany, both: bool) -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    employee, role = (company.seller.employee, Role.SELLER) if both else (None, "")
    with pytest.raises(InvalidInput):
        assign_scheme(actor=None, scheme=scheme, employee=employee, role=role, from_on=day(1))
    assert not SchemeAssignment.all_rows.exists()


def test_an_assignment_in_the_way_of_a_later_one_is_refused() -> None:
    first, second = world.scheme(Salary(Decimal(1))), world.scheme(Salary(Decimal(2)))
    assign_scheme(actor=None, scheme=first, role=Role.SELLER, from_on=day(6))
    with pytest.raises(InvalidInput) as error:
        assign_scheme(actor=None, scheme=second, role=Role.SELLER, from_on=day(2))
    assert error.value.issues[0].code == "assignments_overlap"
    assert SchemeAssignment.all_rows.count() == 1
    assign_scheme(actor=None, scheme=second, role=Role.SELLER, from_on=day(2), until_on=day(6))
    assert SchemeAssignment.all_rows.count() == 2


def test_the_examples_pay_every_selling_role() -> None:
    made = create_example_schemes(actor=None, from_on=day(1), unit=Decimal("0.5"))
    assert set(made) == {"hunter", "farmer", "caller", "assistant", "head"}
    assert scheme_terms(made["hunter"].versions.get()).salary == Decimal(30_000)
    roles = set(SchemeAssignment.all_rows.values_list("role", flat=True))
    assert roles == {Role.SELLER, Role.CLIENT_MANAGER, Role.VIP_MANAGER, Role.TELESALES, Role.ASSISTANT, Role.INDUSTRY_HEAD}
