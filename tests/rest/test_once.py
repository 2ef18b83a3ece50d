"""A form that is sent twice at the same time is done once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from pipeline.money.models import Payment
from salesys.rest.models import KeptResponse
from tests.personas import make_company
from tests.pipeline.money.conftest import books_of

TYPED = {"contract": "C-1", "amount": "1 200,00", "paid_on": date(2026, 4, 6).isoformat(), "vat_rate": "20"}


@pytest.mark.django_db(transaction=True)
def test_a_form_that_comes_several_times_at_once_is_done_once() -> None:
    accountant = books_of(make_company()).company.accountant
    once = accountant.client.get("/payments/new/").context["form"]["once"].value()
    browsers = [Client(headers={"Cookie": f"sessionid={accountant.client.cookies['sessionid'].value}"}) for _ in range(4)]
    start, led_to = threading.Barrier(len(browsers), timeout=60), []

    def send(browser: Client) -> None:
        start.wait()
        led_to.append(browser.post("/payments/new/", {**TYPED, "once": once}).headers.get("Location"))
        connection.close()

    threads = [threading.Thread(target=send, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    payment = Payment.all_rows.get()
    assert led_to == [f"/payments/{payment.pk}/"] * 4
    assert KeptResponse.all_rows.get().key == once
