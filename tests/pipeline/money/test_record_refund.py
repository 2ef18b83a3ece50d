from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.money.amounts import Figures, refund_without_vat
from pipeline.money.models import Payment
from pipeline.money.services import record_payment, record_refund
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.pipeline.money.conftest import Books


@pytest.fixture
def payment(books: Books) -> Payment:
    values = books.values("100.00", reference="B-1", currency="USD", currency_rate=Decimal("90.1"))
    return record_payment(actor=None, contract=books.contract, values=values).payment


def test_refund_keeps_currency_rate_and_vat_of_its_payment(books: Books, payment: Payment) -> None:
    actor = books.company.accountant.user
    refund = record_refund(actor=actor, payment=payment, values=books.values("-40.00", reference="R-1")).payment
    assert (refund.refund_of_id, refund.contract_id, refund.currency) == (payment.pk, payment.contract_id, "USD")
    assert (refund.amount, refund.amount_without_vat) == (Decimal("-40.00"), Decimal("-3003.33"))
    assert (refund.currency_rate, refund.vat_rate) == (Decimal("90.1"), Decimal("0.2"))


def test_refunds_of_everything_add_up_to_nothing(books: Books, payment: Payment) -> None:
    for amount in ("-33.33", "-33.33", "-33.34"):
        record_refund(actor=None, payment=payment, values=books.values(amount))
    assert sum(Payment.all_rows.values_list("amount_without_vat", flat=True)) == Decimal("0.00")
    books.contract.refresh_from_db()
    assert books.contract.paid_amount == Decimal("0.00")


def test_no_more_than_was_paid_goes_back(books: Books, payment: Payment) -> None:
    record_refund(actor=None, payment=payment, values=books.values("-60.00"))
    with pytest.raises(InvalidInput, match=r"40\.00 is left") as error:
        record_refund(actor=None, payment=payment, values=books.values("-40.01"))
    assert [(issue.code, issue.field) for issue in error.value.issues] == [("refund_too_large", "amount")]
    assert Payment.all_rows.count() == 2


def test_refund_before_the_payment_in_other_currency_or_of_a_refund_is_refused(books: Books, payment: Payment) -> None:
    with pytest.raises(InvalidInput) as error:
        record_refund(actor=None, payment=payment, values=books.values("-1.00", paid_on=date(2026, 4, 5), currency="EUR"))
    assert [issue.code for issue in error.value.issues] == ["refund_too_early", "refund_currency"]
    refund = record_refund(actor=None, payment=payment, values=books.values("-1.00")).payment
    with pytest.raises(InvalidInput) as error:
        record_refund(actor=None, payment=refund, values=books.values("-1.00"))
    assert [issue.code for issue in error.value.issues] == ["refund_of_refund"]
    assert Payment.all_rows.count() == 2


def test_positive_refund_is_refused(books: Books, payment: Payment) -> None:
    with pytest.raises(InvalidInput) as error:
        record_refund(actor=None, payment=payment, values=books.values("1.00"))
    assert [issue.code for issue in error.value.issues] == ["not_negative"]
    assert Payment.all_rows.count() == 1


def test_refund_with_a_known_reference_is_the_same_refund_or_a_conflict(books: Books, payment: Payment) -> None:
    first = record_refund(actor=None, payment=payment, values=books.values("-100.00", reference="R-1"))
    again = record_refund(actor=None, payment=payment, values=books.values("-100.00", reference="R-1"))
    assert (again.payment, again.is_new) == (first.payment, False)
    with pytest.raises(Conflict) as error:
        record_refund(actor=None, payment=payment, values=books.values("-10.00", reference="R-1"))
    assert [issue.field for issue in error.value.issues] == ["amount"]


def test_seller_records_no_refund(books: Books, payment: Payment) -> None:
    with pytest.raises(NotAllowed):
        record_refund(actor=books.company.seller.user, payment=payment, values=books.values("-1.00"))
    assert Payment.all_rows.count() == 1


kopecks = st.integers(1, 10_000_000).map(lambda units: Decimal(units) / 100)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=st.lists(kopecks, min_size=1, max_size=6), rate=st.integers(1, 200_000_000), vat=st.sampled_from(["0", "0.1", "0.2"])
)
def test_parts_take_back_exactly_what_came(parts: list[Decimal], rate: int, vat: str) -> None:
    paid = Figures(sum(parts, Decimal()), "USD", Decimal(rate) / 1_000_000, Decimal(vat), Decimal())
    gone, back = Decimal(), Decimal()
    for part in parts:
        piece = refund_without_vat(paid=paid, refunded=gone, amount=part)
        assert piece <= 0
        gone, back = gone + part, back + piece
    assert back == refund_without_vat(paid=paid, refunded=Decimal(), amount=paid.amount)
