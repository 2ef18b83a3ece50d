"""What each role gets from the pages of money and of imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.money.amounts import PaymentValues
from pipeline.money.services import record_payment
from pipeline.money.uploads import upload_payment_file
from tests.access.rows import Row, every, only
from tests.personas import PersonaCompany
from tests.pipeline.money.conftest import books_of

BOOKS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.ACCOUNTANT)
OF_THE_CLIENT = (*BOOKS, Role.INDUSTRY_HEAD, Role.SELLER)
IMPORTS = (Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.BASE_MANAGER)


def contract(company: PersonaCompany) -> Mapping[str, Any]:
    return {"pk": books_of(company).contract.pk}


def payment(company: PersonaCompany) -> Mapping[str, Any]:
    values = PaymentValues(paid_on=date(2026, 4, 6), amount=Decimal("120.00"))
    return {"pk": record_payment(actor=None, contract=books_of(company).contract, values=values).payment.pk}


def open_deal(company: PersonaCompany) -> Mapping[str, Any]:
    books = books_of(company)
    books.contract.delete()
    return {"deal": books.deal.pk}


def file(
    company: PersonaCompany, text: str = "reference,contract,paid_on,amount\nB-1,C-1,2026-04-06,120\nB-2,C-9,2026-04-06,1\n"
) -> Mapping[str, Any]:
    books_of(company)
    return {"pk": upload_payment_file(actor=company.accountant.user, name="april.csv", content=text.encode()).pk}


def issue(company: PersonaCompany) -> Mapping[str, Any]:
    batch = ImportBatch.all_rows.create(kind="sales_data", source="folder", digest="d")
    row = ImportIssue.all_rows.create(
        batch=batch, file="sales.csv", line=7, field="account", code="no_account", problem="No account."
    )
    return {"pk": row.pk}


ROWS = [
    Row("pipeline:payment_list", every()),
    Row("pipeline:contract_list", every()),
    Row("pipeline:receivables", every()),
    Row("pipeline:payment", only(*OF_THE_CLIENT), payment),
    Row("compensation:payment_part", only(*OF_THE_CLIENT), payment),
    Row("pipeline:contract", only(*OF_THE_CLIENT), contract),
    Row("pipeline:contract_options", only(*BOOKS)),
    Row("pipeline:contract_cost", only(*BOOKS, Role.INDUSTRY_HEAD), contract),
    Row("pipeline:contract_sign", only(Role.OWNER, Role.COMMERCIAL_DIRECTOR, Role.INDUSTRY_HEAD, Role.SELLER), open_deal),
    Row("pipeline:payment_new", only(*BOOKS)),
    Row("pipeline:payment_refund", only(*BOOKS), payment),
    Row("pipeline:payment_files", only(*BOOKS)),
    Row("pipeline:payment_file", only(*BOOKS), file),
    Row("pipeline:payment_file_load", only(*BOOKS, status=302), file, method="post"),
    Row("pipeline:payment_file_errors", only(*BOOKS), file),
    Row("pipeline:issue_list", only(*IMPORTS)),
    Row("pipeline:issue", only(*IMPORTS), issue),
    Row("pipeline:issue_repair", only(*IMPORTS, status=400), issue, method="post"),
    Row("pipeline:issue_dismiss", only(*IMPORTS, status=302), issue, method="post"),
]
