"""Parts of other streets' pages: who was credited for a payment, shown on the payment's page."""

from __future__ import annotations

from django.db.models import F, Max, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compensation.ledger.models import CreditLine
from pipeline.money.models import Payment

STANDING = Sum(F("revision") % 2 * 2 - 1)
"""Odd revisions stand, each even one takes the one before it back."""


@require_GET
def payment_part(request: HttpRequest, pk: int) -> HttpResponse:
    """What the payment became in pay, as far as the viewer may see both; each row opens how, and the plan behind it.

    Whose lines were all taken back, as the client was handed over from an earlier date on, is not credited and not named.
    """
    payment = Payment.objects.visible_to(request.user).filter(pk=pk).first()
    if payment is None:
        raise Http404
    month = payment.paid_on.replace(day=1)
    lines = CreditLine.objects.visible_to(request.user).filter(payment_id=pk, origin_on=month, period_on__gte=month)
    rows = (
        lines.order_by()
        .values("payee_id", "payee__full_name", "component__name")
        .annotate(amount=Sum("amount"), rate=Max("rate"), standing=STANDING)
        .filter(standing__gt=0)
        .order_by("payee__full_name", "component__name")
    )
    return render(request, "compensation/statements/_payment_part.html", {"payment": payment, "rows": list(rows)})
