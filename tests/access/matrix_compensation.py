"""What each role gets from the pages and addresses of the `compensation` street."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import HEAD_ROLES, Role
from compensation.engine.terms import CreditRole, Rate, Salary, TeamPool
from compensation.ledger.commissions import run_commissions
from compensation.models import Component, PayPeriod, Scheme, UncomputedEarning, UncreditedPayment
from compensation.schemes.services import assign_scheme
from salesys.db import clock
from tests.access.rows import Row, every, only
from tests.compensation import world
from tests.personas import PersonaCompany

PAYROLL = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.ACCOUNTANT)
DECIDERS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
PAID_ON = date(2026, 1, 20)


def paid(company: PersonaCompany) -> Mapping[str, Any]:
    """The seller of the first direction has earned from one payment."""
    seller = company.seller.employee
    scheme = world.scheme(Salary(Decimal(1000)), Rate(CreditRole.HUNTER, rate=Decimal("0.1")))
    assign_scheme(actor=None, scheme=scheme, employee=seller, from_on=world.JANUARY)
    payment = world.pay(world.contract(world.client(seller), seller), 1000, PAID_ON)
    run_commissions(actor=None, as_of=PAID_ON)
    rate = scheme.versions.get().components.get(code="part_1")
    return {"payee_id": seller.pk, "component_id": rate.pk, "payment_id": payment.pk}


def payee(company: PersonaCompany) -> Mapping[str, Any]:
    return {"payee_id": paid(company)["payee_id"]}


def component(company: PersonaCompany) -> Mapping[str, Any]:
    made = paid(company)
    return {"payee_id": made["payee_id"], "component_id": made["component_id"]}


def payment(company: PersonaCompany) -> Mapping[str, Any]:
    made = paid(company)
    return {"payee_id": made["payee_id"], "payment_id": made["payment_id"]}


def period(status: str) -> Any:
    def make(_company: PersonaCompany) -> Mapping[str, Any]:
        return {"pk": PayPeriod.all_rows.create(month_on=date(2026, 1, 1), status=status).pk}

    return make


def uncredited(company: PersonaCompany) -> Mapping[str, Any]:
    lost = world.pay(world.contract(world.client(), company.seller.employee), 1000, PAID_ON)
    PayPeriod.all_rows.create(month_on=date(2026, 1, 1))
    UncreditedPayment.all_rows.create(payment=lost, month_on=date(2026, 1, 1), reason="no_holder")
    return {"pk": lost.pk}


def uncomputed(company: PersonaCompany) -> Mapping[str, Any]:
    made = world.scheme(Salary(Decimal(1000)))
    PayPeriod.all_rows.create(month_on=date(2026, 1, 1))
    row = UncomputedEarning.all_rows.create(
        payee=company.seller.employee,
        component=Component.all_rows.get(version__scheme=made),
        month_on=date(2026, 1, 1),
        problem="no_tiers",
        found_at=clock.now(),
    )
    return {"pk": row.pk}


def pool(company: PersonaCompany) -> Mapping[str, Any]:
    """The client department, all of which answers to the head of the first direction, has a pool."""
    manager = company.client_manager.employee
    assign_scheme(actor=None, scheme=world.scheme(TeamPool(Decimal("0.1"), Decimal(0))), employee=manager, from_on=world.JANUARY)
    return {"department_pk": company.clients.pk}


def parts(company: PersonaCompany) -> Mapping[str, Any]:
    return {f"part_{company.client_manager.employee.pk}": "100"}


def scheme(company: PersonaCompany) -> Mapping[str, Any]:
    made = world.scheme(Salary(Decimal(1000)))
    assign_scheme(actor=None, scheme=made, role=Role.SELLER, from_on=world.JANUARY)
    return {"pk": made.pk}


def statement(company: PersonaCompany) -> Mapping[str, Any]:
    return {"pk": paid(company)["payee_id"] * 1_000_000 + 202601}


def reason(_company: PersonaCompany) -> Mapping[str, Any]:
    return {"reason": "House account."}


def new_scheme(_company: PersonaCompany) -> Mapping[str, Any]:
    return {"name": f"Scheme {Scheme.all_rows.count()}"}


SEES_SELLER = only(*PAYROLL, Role.INDUSTRY_HEAD, Role.SELLER)

ROWS = [
    Row("compensation:my_statement", every(), unassigned=404),
    Row("compensation:statement_list", only(*HEAD_ROLES, Role.ACCOUNTANT)),
    Row("compensation:statement", SEES_SELLER, kwargs=payee),
    Row("compensation:statement_credits", SEES_SELLER, kwargs=component, query="month=2026-01&origin=2026-01"),
    Row("compensation:credit", SEES_SELLER, kwargs=payment),
    Row("compensation:period_list", only(*PAYROLL)),
    Row("compensation:period", only(*PAYROLL), kwargs=period("open")),
    Row("compensation:period_approve", only(*DECIDERS, status=302), kwargs=period("calculated"), method="post"),
    Row("compensation:period_reopen", only(*DECIDERS, status=302), kwargs=period("calculated"), method="post", data=reason),
    Row("compensation:period_close", only(*PAYROLL, status=302), kwargs=period("calculated"), method="post"),
    Row("compensation:run_request", only(*PAYROLL, status=302), method="post"),
    Row("compensation:uncredited_accept", only(*DECIDERS, status=302), kwargs=uncredited, method="post", data=reason),
    Row("compensation:uncomputed_accept", only(*DECIDERS, status=302), kwargs=uncomputed, method="post", data=reason),
    Row("compensation:pool", only(*HEAD_ROLES), kwargs=pool, query="month=2026-01"),
    Row("compensation:pool", only(*HEAD_ROLES, status=302), kwargs=pool, query="month=2026-01", method="post", data=parts),
    Row("compensation:run_list", only(*PAYROLL, Role.ADMINISTRATOR)),
    Row("compensation:scheme_list", every(), unassigned=200),
    Row("compensation:scheme", only(*PAYROLL, Role.SELLER), kwargs=scheme),
    Row("compensation:scheme_new", only(*DECIDERS)),
    Row("compensation:scheme_new", only(*DECIDERS, status=302), method="post", data=new_scheme),
    Row("compensation:scheme_edit", only(*DECIDERS), kwargs=scheme),
    Row("compensation:scheme_assign", only(*DECIDERS, status=400), kwargs=scheme, method="post"),
    Row("api:statement-list", every()),
    Row("api:statement-detail", SEES_SELLER, kwargs=statement),
]
