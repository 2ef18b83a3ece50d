"""Money in a real browser: what came in leads back to its contract; a file is checked before anything is recorded."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from pipeline.calling.models import Call
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.money.models import Payment
from pipeline.money.services import record_payment, record_refund
from pipeline.tasks.models import ResearchCard
from salesys.db import clock
from tests.browser.conftest import OpenAs
from tests.personas import make_company
from tests.pipeline.money.conftest import Books, books_of

pytestmark = [pytest.mark.browser, pytest.mark.no_cover, pytest.mark.django_db(transaction=True)]
FILE = "Номер документа;Договор;Дата;Сумма\nB-7;C-1;06.04.2026;1 200,00\nB-8;C-9;06.04.2026;abc\n"
SHOTS = os.environ.get("SALESYS_SCREENSHOTS", "")


@pytest.fixture
def trade() -> Books:
    books = books_of(make_company())
    paid = record_payment(actor=None, contract=books.contract, values=books.values("1200.00", reference="B-1")).payment
    record_refund(actor=None, payment=paid, values=books.values("-200.00", reference="R-1"))
    record_payment(actor=None, contract=books.rival_contract, values=books.values("96.00", reference="B-2"))
    ResearchCard.all_rows.create(
        company=books.client, author=books.company.assistant.employee, brief="Builds ships.", prepared_on=books.contract.signed_on
    )
    Call.all_rows.create(
        called_on=books.contract.signed_on,
        started_at=clock.now(),
        employee=books.company.telesales.employee,
        company=books.client,
        deal=books.deal,
        outcome="warm",
        note="They want a second lathe.",
    )
    batch = ImportBatch.all_rows.create(kind="sales_data", source="crm-sales-opportunities", digest="d")
    ImportIssue.all_rows.create(
        batch=batch,
        file="sales_pipeline.csv",
        line=7,
        field="account",
        code="no_account",
        problem="The row has no account.",
        remedy="Choose the company.",
        row={"opportunity_id": "HAXMC4IX", "account": "", "deal_stage": "Engaging"},
        object_type="pipeline.deal",
        object_id=books.deal.pk,
    )
    return books


def shoot(page: Page, name: str) -> None:
    """Keep a picture where a folder is named, to be looked at."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_payment_leads_back_to_call_and_research(trade: Books, open_as: OpenAs) -> None:
    page = open_as(trade.company.owner, "/payments/?month=2026-04")
    expect(page.get_by_role("heading", name="Payments", exact=True)).to_be_visible()
    shoot(page, "payments")
    page.get_by_role("link", name="Nordwind").last.click()
    expect(page.get_by_text("Contract C-1 signed")).to_be_visible()
    expect(page.get_by_text("They want a second lathe.")).to_be_visible()
    expect(page.get_by_text("Builds ships.")).to_be_visible()
    shoot(page, "payment")


def test_payment_is_entered_by_hand(trade: Books, open_as: OpenAs) -> None:
    page = open_as(trade.company.accountant, "/payments/new/?contract=C-1")
    shoot(page, "payment-new")
    page.get_by_label("Amount with VAT").fill("2 400,00")
    page.get_by_label("Bank reference").fill("B-1")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text("This reference is recorded already").first).to_be_visible()
    shoot(page, "payment-refused")
    page.get_by_label("Bank reference").fill("B-9")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text("The payment is recorded.")).to_be_visible()
    assert Payment.all_rows.get(reference="B-9").amount_without_vat == Decimal("2000.00")


def test_file_is_checked_then_loaded(trade: Books, open_as: OpenAs) -> None:
    page = open_as(trade.company.accountant, "/payments/files/")
    file: FilePayload = {"name": "april.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1251")}
    page.get_by_label("CSV file").set_input_files(files=[file])
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("This is not an amount.")).to_be_visible()
    assert not Payment.all_rows.filter(reference="B-7").exists()
    shoot(page, "file-checked")
    page.get_by_role("button", name="Record 1 payment").click()
    expect(page.get_by_text("1 payments are recorded.").or_(page.get_by_text("1 payment is recorded."))).to_be_visible()
    assert Payment.all_rows.get(reference="B-7").amount == Decimal("1200.00")
    shoot(page, "file-loaded")


@pytest.mark.parametrize(
    ("name", "who", "path"),
    [
        ("contracts", "owner", "/contracts/"),
        ("contract", "owner", "/contracts/{contract}/"),
        ("receivables", "owner", "/receivables/"),
        ("refund", "accountant", "/payments/{payment}/refund/"),
        ("issues", "base_manager", "/imports/issues/"),
        ("issue", "director", "/imports/issues/{issue}/"),
        ("swagger", "owner", "/api/v1/docs/"),
    ],
)
def test_page_opens_without_complaint(trade: Books, open_as: OpenAs, name: str, who: str, path: str) -> None:
    address = path.format(
        contract=trade.contract.pk, payment=Payment.all_rows.get(reference="B-1").pk, issue=ImportIssue.all_rows.get().pk
    )
    page = open_as(getattr(trade.company, who), address)
    if name == "swagger":
        expect(page.get_by_text("payments").first).to_be_visible()
    shoot(page, name)
    page.emulate_media(color_scheme="dark")
    if SHOTS and name == "receivables":
        open_as(trade.company.owner, address, width=390)
        shoot(page, f"{name}-phone-dark")
