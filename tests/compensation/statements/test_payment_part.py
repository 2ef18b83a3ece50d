from __future__ import annotations

from pipeline.money.models import Payment
from tests.compensation.statements.test_pages import paid
from tests.personas import PersonaCompany

__all__ = ["paid"]


def test_payment_leads_on_to_who_was_credited(paid: PersonaCompany) -> None:
    payment = Payment.all_rows.order_by("pk").first()
    assert payment is not None
    seller = paid.seller.employee
    for persona in (paid.seller, paid.head, paid.owner):
        text = persona.client.get(f"/payments/{payment.pk}/pay/").content.decode()
        assert seller.full_name in text
        assert f"/statements/{seller.pk}/payments/{payment.pk}/" in text
    page = paid.seller.client.get(f"/payments/{payment.pk}/").content.decode()
    assert f'hx-get="/payments/{payment.pk}/pay/"' in page


def test_who_does_not_see_the_payment_sees_no_credits(paid: PersonaCompany) -> None:
    payment = Payment.all_rows.order_by("pk").first()
    assert payment is not None
    assert paid.rival_seller.client.get(f"/payments/{payment.pk}/pay/").status_code == 404
