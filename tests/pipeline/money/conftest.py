"""A client of the first seller with a contract, and one of the rival's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from pipeline.deals.models import Deal, Product, Stage
from pipeline.models import Company, Contract, Relationship
from pipeline.money.amounts import PaymentValues
from salesys.db.effective import from_date
from tests.personas import Persona, PersonaCompany

SIGNED = date(2026, 3, 2)


@dataclass
class Books:
    """`contract` is of the seller's client, `rival_contract` of the rival seller's."""

    company: PersonaCompany
    product: Product
    client: Company
    deal: Deal
    contract: Contract
    rival_contract: Contract

    def values(self, amount: str = "1200.00", *, paid_on: date = date(2026, 4, 6), **more: object) -> PaymentValues:
        return PaymentValues(paid_on=paid_on, amount=Decimal(amount), **more)  # type: ignore[arg-type]


def client_of(seller: Persona, name: str, company: PersonaCompany) -> Company:
    row: Company = Company.all_rows.create(name=name)
    Relationship.all_rows.create(company=row, employee=seller.employee, kind="hunter", valid=from_date(company.start))
    return row


def won_deal(client: Company, seller: Persona, product: Product, amount: str) -> Deal:
    deal: Deal = Deal.all_rows.create(
        title=f"Deal with {client}",
        company=client,
        product=product,
        seller=seller.employee,
        stage=Stage.all_rows.get(code="won"),
        status="won",
        amount=Decimal(amount),
        opened_on=date(2026, 2, 2),
        closed_on=SIGNED,
    )
    return deal


def contract_of(deal: Deal, number: str, amount: str) -> Contract:
    assert deal.company is not None
    contract: Contract = Contract.all_rows.create(
        number=number,
        company=deal.company,
        deal=deal,
        product=deal.product,
        seller=deal.seller,
        signed_on=SIGNED,
        due_on=date(2026, 4, 1),
        amount=Decimal(amount),
    )
    return contract


def books_of(company: PersonaCompany) -> Books:
    """Write the clients, their deals and contracts."""
    product = Product.all_rows.create(name="Lathe", category="Machines", list_price=Decimal("5000.00"), cost_rate=Decimal("0.4"))
    client = client_of(company.seller, "Nordwind", company)
    rival = client_of(company.rival_seller, "Southside Retail", company)
    deal = won_deal(client, company.seller, product, "5000.00")
    rival_deal = won_deal(rival, company.rival_seller, product, "800.00")
    return Books(
        company,
        product,
        client,
        deal,
        contract_of(deal, "C-1", "5000.00"),
        contract_of(rival_deal, "C-2", "800.00"),
    )


@pytest.fixture
def books(company: PersonaCompany) -> Books:
    return books_of(company)
