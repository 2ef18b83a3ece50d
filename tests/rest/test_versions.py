from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pipeline.models import Company, Contact
from tests.api.conftest import Caller, books, caller, issues
from tests.pipeline.money.conftest import Books

__all__ = ["books", "caller"]
Calls = Callable[..., Caller]


def test_update_names_the_version_that_it_changes(books: Books, caller: Calls) -> None:
    owner = caller(books.company.owner)
    path = f"companies/{books.client.pk}/"
    read = owner.get(path)
    changed = owner.patch(path, {"city": "Perm"}, **{"If-Match": read["ETag"]})
    assert changed.status_code == 200
    assert json.loads(changed.content)["city"] == "Perm"
    assert changed["ETag"] != read["ETag"]
    late = owner.patch(path, {"city": "Omsk"}, **{"If-Match": read["ETag"]})
    assert late.status_code == 412
    assert late["Content-Type"] == "application/problem+json"
    assert Company.all_rows.get(pk=books.client.pk).city == "Perm"


def test_update_without_a_version_is_refused(books: Books, caller: Calls) -> None:
    response = caller(books.company.owner).patch(f"companies/{books.client.pk}/", {"city": "Perm"})
    assert response.status_code == 428
    assert json.loads(response.content)["code"] == "version_required"
    assert Company.all_rows.get(pk=books.client.pk).city == ""


def test_change_past_the_services_makes_a_new_version_too(books: Books, caller: Calls) -> None:
    owner = caller(books.company.owner)
    path = f"companies/{books.client.pk}/"
    before = owner.get(path)["ETag"]
    Company.all_rows.filter(pk=books.client.pk).update(source="fair")
    assert owner.patch(path, {"city": "Perm"}, **{"If-Match": before}).status_code in {200, 412}
    assert owner.patch(path, {"city": "Perm"}, **{"If-Match": "*"}).status_code == 200


def test_unchanged_row_is_not_sent_again(books: Books, caller: Calls) -> None:
    owner = caller(books.company.owner)
    path = f"companies/{books.client.pk}/"
    etag = owner.get(path)["ETag"]
    response = owner.get(path, **{"If-None-Match": f"W/{etag}"})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_row_out_of_reach_is_absent_for_updates_too(books: Books, caller: Calls) -> None:
    seller = caller(books.company.rival_seller)
    response = seller.patch(f"companies/{books.client.pk}/", {"city": "Perm"}, **{"If-Match": "*"})
    assert response.status_code == 404
    assert Company.all_rows.get(pk=books.client.pk).city == ""


@pytest.fixture
def contact(books: Books) -> Contact:
    row: Contact = Contact.all_rows.create(company=books.client, full_name="Ivan", phone="+74955550123", email="ivan@example.org")
    return row


def test_contact_is_masked_until_it_is_opened(books: Books, caller: Calls, contact: Contact) -> None:
    seller = caller(books.company.seller)
    path = f"contacts/{contact.pk}/"
    masked = json.loads(seller.get(path).content)
    assert not masked["is_open"]
    assert "0123" not in masked["phone"]
    assert "ivan@" not in masked["email"]
    opened = json.loads(seller.post(f"{path}reveal/").content)
    assert (opened["is_open"], opened["phone"], opened["email"]) == (True, "+74955550123", "ivan@example.org")
    assert json.loads(seller.get(path).content)["is_open"]
    assert not json.loads(caller(books.company.owner).get(path).content)["is_open"]


def test_contact_is_added_and_changed(books: Books, caller: Calls, contact: Contact) -> None:
    seller = caller(books.company.seller)
    made = seller.post("contacts/", {"company": books.client.pk, "full_name": "Olga", "phone": "8 495 555-01-99"})
    assert made.status_code == 201
    assert Contact.all_rows.get(full_name="Olga").phone == "+74955550199"
    wrong = seller.patch(f"contacts/{contact.pk}/", {"phone": "12"}, **{"If-Match": "*"})
    assert wrong.status_code == 400
    assert issues(wrong)[0][1] == "phone"
    right = seller.patch(f"contacts/{contact.pk}/", {"note": "Calls back"}, **{"If-Match": "*"})
    assert right.status_code == 200
    contact.refresh_from_db()
    assert (contact.note, contact.phone) == ("Calls back", "+74955550123")


def test_opening_a_contact_makes_a_version_that_differs(books: Books, caller: Calls, contact: Contact) -> None:
    seller = caller(books.company.seller)
    path = f"contacts/{contact.pk}/"
    masked = seller.get(path)["ETag"]
    assert seller.get(path, **{"If-None-Match": masked}).status_code == 304
    opened = seller.post(f"{path}reveal/")["ETag"]
    assert opened != masked
    again = seller.get(path, **{"If-None-Match": masked})
    assert (again.status_code, again["ETag"]) == (200, opened)
    assert json.loads(again.content)["phone"] == "+74955550123"
    assert seller.get(path, **{"If-None-Match": opened}).status_code == 304


def test_who_read_a_contact_before_it_was_opened_may_change_it(books: Books, caller: Calls, contact: Contact) -> None:
    seller = caller(books.company.seller)
    path = f"contacts/{contact.pk}/"
    masked = seller.get(path)["ETag"]
    opened = seller.post(f"{path}reveal/")["ETag"]
    changed = seller.patch(path, {"note": "Calls back"}, **{"If-Match": masked})
    assert changed.status_code == 200
    for late in (masked, opened):
        assert seller.patch(path, {"note": "Is away"}, **{"If-Match": late}).status_code == 412
    assert seller.patch(path, {"note": "Is back"}, **{"If-Match": changed["ETag"]}).status_code == 200
    assert Contact.all_rows.get(pk=contact.pk).note == "Is back"
