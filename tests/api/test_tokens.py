from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.access.models import ApiToken, AuditEvent, ContactReveal
from accounts.access.tokens import MOST_TOKENS, issue_token, revoke_token, token_of
from pipeline.models import Contact, Payment
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from tests.api.conftest import Caller, issues
from tests.factories import ContactFactory, RelationshipFactory
from tests.personas import Persona, PersonaCompany
from tests.pipeline.factories import DealFactory
from tests.pipeline.money.conftest import Books

Calls = Callable[..., Caller]


def test_token_is_kept_as_a_hash_and_acts_as_its_user(company: PersonaCompany) -> None:
    issued = issue_token(actor=company.administrator.user, user=company.seller.user, name="bank", scopes=["payments:read"])
    row = ApiToken.all_rows.get()
    assert row.secret_hash not in issued.text
    assert issued.text.startswith(f"slt_{row.prefix}_")
    found = token_of(issued.text)
    assert found is not None
    assert found.user == company.seller.user
    assert AuditEvent.all_rows.get().action == "token.issued"


def test_use_is_noted_once_a_minute(company: PersonaCompany) -> None:
    issued = issue_token(actor=None, user=company.seller.user, name="bank", scopes=["payments:read"])
    token_of(issued.text)
    first = ApiToken.all_rows.get().last_used_at
    token_of(issued.text)
    assert first is not None
    assert ApiToken.all_rows.get().last_used_at == first


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [("bank", [], "scopes"), ("bank", ["payments:steal"], "scopes"), (" ", ["payments:read"], "name")],
)
def test_token_without_name_or_known_scope_is_not_issued(
    company: PersonaCompany, name: str, scopes: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        issue_token(actor=None, user=company.seller.user, name=name, scopes=scopes)
    assert [issue.field for issue in error.value.issues] == [field]
    assert not ApiToken.all_rows.exists()


def test_token_that_ends_in_the_past_is_not_issued(company: PersonaCompany) -> None:
    with pytest.raises(InvalidInput):
        issue_token(actor=None, user=company.seller.user, name="x", scopes=["payments:read"], expires_at=clock.now())
    assert not ApiToken.all_rows.exists()


def test_missing_scope_is_named(books: Books, caller: Calls) -> None:
    reader = caller(books.company.accountant, "payments:read")
    assert reader.get("payments/").status_code == 200
    response = reader.post("payments/", {"contract_number": "C-1", "paid_on": "2026-04-06", "amount": "1.00"})
    assert response.status_code == 403
    assert issues(response) == [("missing_scope", "scope", "payments:write")]
    assert issues(reader.get("companies/")) == [("missing_scope", "scope", "companies:read")]
    assert not Payment.all_rows.exists()


def test_without_a_token_nobody_comes_in(books: Books, caller: Calls) -> None:
    for path in ("", "payments/", "schema/", "no-such-thing"):
        response = caller().get(path)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="salesys"'
        assert json.loads(response.content)["code"] == "not_authenticated"


def test_revoked_expired_and_broken_tokens_are_refused(company: PersonaCompany) -> None:
    revoked = issue_token(actor=None, user=company.seller.user, name="a", scopes=["payments:read"])
    revoke_token(actor=None, token=revoked.token)
    expired = issue_token(
        actor=None, user=company.seller.user, name="b", scopes=["payments:read"], expires_at=clock.now() + timedelta(days=1)
    )
    ApiToken.all_rows.filter(pk=expired.token.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    other = issue_token(actor=None, user=company.seller.user, name="c", scopes=["payments:read"])
    swapped = f"slt_{revoked.token.prefix}_{other.text.split('_', 2)[2]}"
    for text in (revoked.text, expired.text, swapped, "slt_x", "", "ü"):
        response = Client().get("/api/v1/payments/", headers={"Authorization": f"Bearer {text}"})
        assert response.status_code == 401, text


def test_token_of_somebody_who_has_left_is_refused(books: Books, caller: Calls) -> None:
    accountant = caller(books.company.accountant)
    assert accountant.get("payments/").status_code == 200
    user = books.company.accountant.user
    user.is_active = False
    user.save()
    assert accountant.get("payments/").status_code == 401


def test_person_who_is_signed_in_needs_no_scope(books: Books) -> None:
    assert books.company.accountant.client.get("/api/v1/payments/").status_code == 200


def test_calls_are_counted_for_each_person_with_all_tokens_together(books: Books, caller: Calls, settings: object) -> None:
    settings.REST_REQUESTS_PER_MINUTE = 3  # type: ignore[attr-defined]
    first, second = caller(books.company.accountant), caller(books.company.accountant)
    statuses = [first.get("payments/").status_code for _ in range(4)]
    last = first.get("payments/")
    # A minute may end between two of the calls: then the count begins again.
    assert statuses[:3] == [200, 200, 200]
    if last.status_code == 429:
        assert last["Content-Type"] == "application/problem+json"
        assert 1 <= int(last["Retry-After"]) <= 61
    assert 429 in (statuses[3], last.status_code)
    if second.get("payments/").status_code == 200:
        # Only where that minute ended here
        assert [second.get("payments/").status_code for _ in range(3)] == [200, 200, 429]
    assert caller(books.company.director).get("payments/").status_code == 200


def test_nobody_has_more_tokens_than_they_answer_for(company: PersonaCompany) -> None:
    def issue(persona: Persona, **more: Any) -> ApiToken:
        return issue_token(actor=None, user=persona.user, name="bank", scopes=["payments:read"], **more).token

    issued = [issue(company.seller, expires_at=clock.now() + timedelta(days=1)) for _ in range(MOST_TOKENS)]
    with pytest.raises(InvalidInput) as error:
        issue(company.seller)
    assert [found.code for found in error.value.issues] == ["too_many_tokens"]
    assert ApiToken.all_rows.count() == MOST_TOKENS
    issue(company.accountant)
    revoke_token(actor=None, token=issued[0])
    ApiToken.all_rows.filter(pk=issued[1].pk).update(expires_at=clock.now() - timedelta(seconds=1))
    issue(company.seller)
    issue(company.seller)
    with pytest.raises(InvalidInput):
        issue(company.seller)


def test_the_page_says_that_there_are_enough_tokens(company: PersonaCompany) -> None:
    for _ in range(MOST_TOKENS):
        issue_token(actor=None, user=company.seller.user, name="bank", scopes=["payments:read"])
    page = company.seller.client.post("/tokens/", {"name": "one more", "scopes": ["payments:read"], "days": "30"})
    assert page.status_code == 400
    assert "10 tokens are valid already" in page.content.decode()
    assert ApiToken.all_rows.count() == MOST_TOKENS


def test_a_token_that_only_writes_is_shown_no_rows(company: PersonaCompany, caller: Calls) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    contact = ContactFactory(company=client, phone="+74955550123", note="asks for Petra")
    before = Contact.all_rows.values().get(pk=contact.pk)
    writer = caller(company.seller, "contacts:write")
    changed = writer.patch(f"contacts/{contact.pk}/", {}, **{"If-Match": "*"})
    assert (changed.status_code, json.loads(changed.content)) == (200, {"id": contact.pk})
    assert changed["ETag"]
    opened = writer.post(f"contacts/{contact.pk}/reveal/")
    assert (opened.status_code, issues(opened)) == (403, [("missing_scope", "scope", "contacts:read")])
    assert not ContactReveal.all_rows.exists()
    assert Contact.all_rows.values().get(pk=contact.pk) == before


def test_a_token_that_only_writes_is_told_what_it_has_written_and_no_more(company: PersonaCompany, caller: Calls) -> None:
    deal = DealFactory(seller=company.seller.employee, amount=Decimal("70000.00"))
    writer = caller(company.seller, "deals:write")
    made = writer.post("deals/", {"title": "Pumps", "amount": "5.00"})
    assert (made.status_code, json.loads(made.content)["amount"]) == (201, "5.00")
    moved = writer.post(f"deals/{deal.pk}/move/", {"stage": "engaged"})
    assert (moved.status_code, json.loads(moved.content)) == (200, {"id": deal.pk})
