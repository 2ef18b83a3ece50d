"""What loses money is found over REST as on the page."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.filters import ContractFilter
from pipeline.money.models import Contract
from tests.pipeline.money.conftest import Books


def numbers(is_losing: str) -> list[str]:
    return sorted(row.number for row in ContractFilter({"is_losing": is_losing}, queryset=Contract.all_rows.all()).qs)


def test_contracts_that_lose_money_are_filtered(books: Books) -> None:
    Contract.all_rows.filter(pk=books.contract.pk).update(direct_cost=Decimal("99999.00"))
    assert numbers("true") == ["C-1"]
    assert numbers("false") == ["C-2"]
    assert numbers("") == ["C-1", "C-2"]
