"""What each role gets from the API: the same reaches as on pages, in the form of problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from pipeline.calling.models import Call
from pipeline.models import Contact, Task
from pipeline.money.amounts import PaymentValues
from pipeline.money.services import record_payment
from salesys.db import clock
from tests.access.rows import Kwargs, Row, but, every, only
from tests.personas import PersonaCompany
from tests.pipeline.money.conftest import books_of

KEY = {"Idempotency-Key": "matrix"}
VERSION = {"If-Match": "*"}
TOP = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
CLIENT = (*TOP, Role.INDUSTRY_HEAD, Role.SELLER)
MONEY = (*CLIENT, Role.ACCOUNTANT)


def made(name: str) -> Kwargs:
    """The id of one row of the first seller's client."""

    def make(company: PersonaCompany) -> Mapping[str, Any]:
        books = books_of(company)
        rows = {"company": books.client, "deal": books.deal, "contract": books.contract}
        return {"pk": rows[name].pk}

    return make


def contact(company: PersonaCompany) -> Mapping[str, Any]:
    return {"pk": Contact.all_rows.create(company=books_of(company).client, full_name="Ivan Petrov", phone="+74955550123").pk}


def payment(company: PersonaCompany) -> Mapping[str, Any]:
    values = PaymentValues(paid_on=date(2026, 4, 6), amount=Decimal("120.00"))
    return {"pk": record_payment(actor=None, contract=books_of(company).contract, values=values).payment.pk}


def open_deal(company: PersonaCompany) -> Mapping[str, Any]:
    books = books_of(company)
    books.contract.delete()
    type(books.deal).all_rows.filter(pk=books.deal.pk).update(status="open", closed_on=None, stage_id=1)
    return {"pk": books.deal.pk}


def task(company: PersonaCompany) -> Mapping[str, Any]:
    row = Task.all_rows.create(
        kind="other", title="Call", assignee=company.seller.employee, author=company.head.employee, due_on=clock.today()
    )
    return {"pk": row.pk}


def call(company: PersonaCompany) -> Mapping[str, Any]:
    row = Call.all_rows.create(
        called_on=clock.today(),
        started_at=clock.now(),
        employee=company.telesales.employee,
        company=books_of(company).client,
        outcome="no_answer",
    )
    return {"pk": row.pk}


def employee(company: PersonaCompany) -> Mapping[str, Any]:
    return {"pk": company.seller.employee.pk}


def body(**values: Any) -> Kwargs:
    return lambda _company: values


ANYONE = every()
REFUSED = every(400)
"""A body that says nothing is refused before anything is asked of the service."""

ROWS = [
    Row("api:root", ANYONE),
    Row("api:schema", ANYONE),
    Row("api:docs", ANYONE, anonymous=302),
    Row("/api/v1/no-such-resource/", every(404)),
    *(
        Row(f"api:{name}-list", ANYONE)
        for name in ("company", "contact", "deal", "task", "call", "payment", "contract", "employee")
    ),
    *(
        Row(f"api:{name}-list", REFUSED, method="post", headers=KEY, data=body(nothing=1), note="empty")
        for name in ("company", "contact", "deal", "task", "call", "payment", "contract")
    ),
    Row("api:payment-list", every(400), method="post", data=body(amount="1.00"), note="without a key"),
    Row("api:company-detail", only(*MONEY), made("company")),
    Row(
        "api:company-detail",
        {**only(*CLIENT), Role.ACCOUNTANT: 403},
        made("company"),
        method="patch",
        headers=VERSION,
        data=body(city="Perm"),
    ),
    Row("api:contact-detail", only(*MONEY), contact),
    Row(
        "api:contact-detail",
        {**only(*CLIENT), Role.ACCOUNTANT: 403},
        contact,
        method="patch",
        headers=VERSION,
        data=body(note="x"),
    ),
    Row("api:contact-reveal", only(*MONEY), contact, method="post", headers=KEY),
    Row("api:deal-detail", only(*CLIENT), made("deal")),
    Row("api:deal-detail", only(*CLIENT), made("deal"), method="patch", headers=VERSION, data=body(next_step="Write")),
    Row("api:deal-move", only(*CLIENT), open_deal, method="post", headers=KEY, data=body(stage="proposal"), note="open"),
    Row("api:deal-win", only(*CLIENT), open_deal, method="post", headers=KEY, data=body(on="2026-04-06"), note="open"),
    Row("api:deal-lose", only(*CLIENT), open_deal, method="post", headers=KEY, data=body(reason="Price"), note="open"),
    Row("api:task-detail", only(*CLIENT), task),
    Row("api:task-start", only(*CLIENT), task, method="post", headers=KEY),
    Row("api:task-finish", only(*CLIENT), task, method="post", headers=KEY, data=body(result="Done")),
    Row(
        "api:task-cancel",
        {**only(*TOP, Role.INDUSTRY_HEAD), Role.SELLER: 403},
        task,
        method="post",
        headers=KEY,
        data=body(reason="No"),
    ),
    Row("api:task-reassign", REFUSED, task, method="post", headers=KEY, data=body(nothing=1)),
    Row("api:call-detail", only(*CLIENT, Role.TELESALES), call),
    Row("api:payment-detail", only(*MONEY), payment),
    Row("api:contract-detail", only(*MONEY), made("contract")),
    Row(
        "api:contract-cost",
        {**only(*MONEY, status=403), **only(*TOP, Role.ACCOUNTANT, Role.INDUSTRY_HEAD)},
        made("contract"),
        method="post",
        headers=KEY,
        data=body(direct_cost="1.00"),
    ),
    Row("api:employee-detail", but(Role.CLIENT_MANAGER, Role.VIP_MANAGER, Role.TELESALES, Role.ASSISTANT), employee),
]
