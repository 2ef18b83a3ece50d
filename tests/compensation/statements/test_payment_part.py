from __future__ import annotations

from compensation.ledger.commissions import run_commissions
from pipeline.models import Relationship
from pipeline.money.models import Payment
from tests.compensation.statements.test_pages import paid
from tests.compensation.world import day
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


def test_who_is_credited_no_more_is_not_named(paid: PersonaCompany) -> None:
    """Clients that were handed over from an earlier date on: one line was taken back, the other only counted towards a sum."""
    payment = Payment.all_rows.order_by("pk").first()
    assert payment is not None
    former, present = paid.seller.employee, paid.second_seller.employee
    url = f"/payments/{payment.pk}/pay/"
    assert former.full_name in paid.owner.client.get(url).content.decode()
    Relationship.all_rows.filter(company=payment.company).update(employee=present)
    run_commissions(actor=None, as_of=day(2, 20))
    assert former.full_name not in paid.owner.client.get(url).content.decode()
    assert paid.owner.client.get(f"/statements/{former.pk}/payments/{payment.pk}/").status_code == 200
