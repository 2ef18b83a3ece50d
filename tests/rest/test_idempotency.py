from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.access.budgets import set_budget
from accounts.models import AuditEvent, ContactReveal
from accounts.roles import Role
from pipeline.clients.relationships import hand_over_company
from pipeline.deals.models import Product
from pipeline.money.models import Payment
from salesys.db import clock
from salesys.rest.idempotency import KEPT_FOR, forget_old_answers
from salesys.rest.models import KeptResponse
from tests.api.conftest import Caller, books, caller, issues
from tests.factories import ContactFactory
from tests.personas import make_company
from tests.pipeline.money.conftest import Books, client_of, contract_of, won_deal

__all__ = ["books", "caller"]
Calls = Callable[..., Caller]
PAYMENT = {"contract_number": "C-1", "paid_on": "2026-04-06", "amount": "120.00"}


def test_post_without_a_key_is_refused(books: Books, caller: Calls) -> None:
    response = caller(books.company.accountant).post("payments/", PAYMENT, **{"Idempotency-Key": ""})
    assert response.status_code == 400
    assert issues(response) == [("key_required", "Idempotency-Key", "")]
    assert not Payment.all_rows.exists()


@pytest.mark.parametrize("key", ["k" * 201, "a\tb"])
def test_key_that_is_none_is_refused(books: Books, caller: Calls, key: str) -> None:
    response = caller(books.company.accountant).post("payments/", PAYMENT, key=key)
    assert response.status_code == 400
    assert not Payment.all_rows.exists()


def test_repeated_post_is_answered_again_and_done_once(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    first, again = (accountant.post("payments/", PAYMENT, key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(first.content) == json.loads(again.content)
    assert (first["Location"], again["Idempotent-Replayed"]) == (again["Location"], "true")
    assert "Idempotent-Replayed" not in first
    assert Payment.all_rows.count() == 1


def test_key_with_another_body_is_refused(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    accountant.post("payments/", PAYMENT, key="k-1")
    response = accountant.post("payments/", {**PAYMENT, "amount": "121.00"}, key="k-1")
    assert response.status_code == 422
    assert json.loads(response.content)["code"] == "key_reused"
    assert Payment.all_rows.get().amount == Decimal("120.00")


def test_key_belongs_to_its_user_and_address(books: Books, caller: Calls) -> None:
    for persona in (books.company.accountant, books.company.director):
        assert caller(persona).post("payments/", PAYMENT, key="k-1").status_code == 201
    assert Payment.all_rows.count() == 2
    assert KeptResponse.all_rows.count() == 2


def test_refused_post_may_be_corrected_under_its_key(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    assert accountant.post("payments/", {**PAYMENT, "amount": "-1.00"}, key="k-1").status_code == 400
    assert not KeptResponse.all_rows.exists()
    assert accountant.post("payments/", PAYMENT, key="k-1").status_code == 201


def test_old_answers_are_forgotten(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    for key in ("old", "new"):
        accountant.post("payments/", PAYMENT, key=key)
    KeptResponse.all_rows.filter(key="old").update(created_at=clock.now() - KEPT_FOR - timedelta(minutes=1))
    assert forget_old_answers() == 1
    assert list(KeptResponse.all_rows.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_duplicates_at_the_same_time_are_done_once(caller: Calls) -> None:
    company = make_company()
    product = Product.all_rows.create(name="Lathe", list_price=Decimal(1))
    contract_of(won_deal(client_of(company.seller, "Nordwind", company), company.seller, product, "1.00"), "C-1", "1.00")
    callers = [caller(company.accountant) for _ in range(4)]
    start, answers = threading.Barrier(len(callers), timeout=60), []

    def post(each: Caller) -> None:
        start.wait()
        response = each.post("payments/", PAYMENT, key="k-1")
        answers.append((response.status_code, response.content, "Idempotent-Replayed" in response))
        connection.close()

    threads = [threading.Thread(target=post, args=[each]) for each in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _body, _again in answers] == [201, 201, 201, 201]
    assert len({json.dumps(json.loads(body)) for _status, body, _again in answers}) == 1
    assert sorted(again for _status, _body, again in answers) == [False, True, True, True]
    assert Payment.all_rows.count() == 1


def test_a_refused_opening_stays_in_the_trail(books: Books, caller: Calls) -> None:
    set_budget(actor=None, role=Role.SELLER, per_day=0, per_month=10)
    contact = ContactFactory(company=books.client)
    response = caller(books.company.seller).post(f"contacts/{contact.pk}/reveal/")
    assert response.status_code == 403
    assert issues(response)[0][0] == "budget_spent"
    event = AuditEvent.all_rows.get(action="contact.refused")
    assert (event.actor, event.object_id) == (books.company.seller.user, contact.pk)
    assert not ContactReveal.all_rows.exists()


def test_an_opened_contact_is_not_shown_again_by_its_key_when_the_client_is_gone(books: Books, caller: Calls) -> None:
    contact = ContactFactory(company=books.client, phone="+74957770099")
    seller, path = caller(books.company.seller), f"contacts/{contact.pk}/reveal/"
    for key in ("k-1", "k-1", ""):
        assert (
            json.loads(seller.post(path, key=key, **({} if key else {"Idempotency-Key": ""})).content)["phone"] == "+74957770099"
        )
    assert ContactReveal.all_rows.count() == 1
    second = books.company.second_seller.employee
    hand_over_company(actor=None, company=books.client, employee=second, kind="hunter", from_on=clock.today())
    again = seller.post(path, key="k-1")
    assert again.status_code == 404
    assert b"7770099" not in again.content
    assert not KeptResponse.all_rows.exists()
