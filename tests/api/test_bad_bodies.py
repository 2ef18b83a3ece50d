"""Every body that the API takes, with one thing wrong: a problem that names it, and nothing is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.api.bodies import NAMES, Operation, operations_of
from tests.api.conftest import Caller
from tests.pipeline.money.conftest import Books

Calls = Callable[..., Caller]
NOBODY = 2**31 - 7
HUGE = 10**400
NEVER: tuple[object, ...] = ("\x00", "\ud800", [["x"]], {"id": 1}, "\u202e5" * 11_000)
WRONG: Mapping[str, tuple[object, ...]] = {
    "id": (*NEVER, 0, -1, NOBODY, 2**63, HUGE, 1.5, True),
    "whole": (*NEVER, -1, 2**63, HUGE, 1e308, "Infinity"),
    "amount": (*NEVER, "NaN", "-Infinity", "1e30", "0.0000001", HUGE, 1e308, True),
    "day": (*NEVER, "2026-02-30", "0001-01-01", "06.04.2026", "2026-04-06T10:00:00Z", 20260406, True),
    "instant": (*NEVER, "0001-01-01", "9999-12-31T23:59:59-14:00", "2026-02-30T10:00:00Z", "tomorrow", 5, True),
    "word": (*NEVER, 5, True, "no such word", ""),
    "text": (*NEVER, "a\x00b", 1.5, True),
    "flag": (*NEVER, 2, HUGE, "NaN"),
    "list": (*NEVER, "x", ["NaN"] * 12, [["1"]] * 12, ["1"] * 11, ["1"] * 13, [{}] * 12, ["-1"] * 12),
    "rows": (*NEVER[:3], [], "x", 5, True),
}
WHOLE = {"founded_year", "employee_count", "duration_seconds", "year"}
AMOUNTS = {"annual_revenue", "amount", "currency_rate", "vat_rate", "direct_cost", "goal"}
WORDS = {"outcome", "kind", "stage", "currency", "contract_number"}
NOT_JSON = (
    "", "{", "[]", "null", '"x"', "{}{}", "NaN", b"\x80", b"\xff\xfe{\x00}\x00", "[" * 50_000, '{"a":' * 50_000,
    '{"a": NaN}', '{"a": -Infinity}', '{"a": ' + "1" * 5000 + "}", '{"a": 1,}', "{'a': 1}",
)  # fmt: skip


def kind_of(name: str, value: object) -> str:
    """Which values a field cannot have, told by its name and by one that it can."""
    if isinstance(value, (bool, list, dict)):
        return {bool: "flag", list: "list", dict: "rows"}[type(value)]
    if name in WHOLE or name in AMOUNTS or name in WORDS:
        return "whole" if name in WHOLE else "amount" if name in AMOUNTS else "word"
    if isinstance(value, str):
        return "day" if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "instant" if name.endswith("_at") else "text"
    return "id"


def wrong_bodies(body: Mapping[str, Any]) -> Iterator[tuple[str, object, dict[str, Any]]]:
    """(path of the field, its wrong value, the whole body), one field at a time, inside the rows of the body too."""
    for name, value in body.items():
        yield from ((name, wrong, {**body, name: wrong}) for wrong in WRONG[kind_of(name, value)])
        if isinstance(value, dict):
            inner = wrong_bodies(value)
            yield from ((f"{name}.{path}", wrong, {**body, name: row}) for path, wrong, row in inner)


TABLES = "accounts_auditevent accounts_contactreveal rest pipeline_company pipeline_contact pipeline_deal pipeline_stagechange"
MORE = "pipeline_call pipeline_payment pipeline_contract pipeline_task pipeline_researchcard pipeline_relationship"
PLANS = "planning_yearplan planning_plannode"


def picture() -> list[object]:
    """The content of every table that these operations write to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) ORDER BY 1", [f"{TABLES} {MORE} {PLANS}".split()])
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {n} t" for n in names))
        return [len(names), *cursor.fetchall()]


class Sender:
    """Sends one operation's body, with the headers that it needs."""

    def __init__(self, books: Books, caller: Calls, name: str) -> None:
        self.operation: Operation = operations_of(books)[name]
        self.caller = caller(getattr(books.company, self.operation.who))
        self.caller.browser.raise_request_exception = False

    def __call__(self, body: object) -> HttpResponse:
        if self.operation.method == "post":
            return self.caller.post(self.operation.path, body)
        return self.caller.patch(self.operation.path, body, **{"If-Match": "*"})


@pytest.fixture
def sender(books: Books, caller: Calls, settings: Any) -> Callable[[str], Sender]:
    settings.REST_REQUESTS_PER_MINUTE = 1_000_000
    return lambda name: Sender(books, caller, name)


def faults(response: HttpResponse, path: str) -> str:
    """What an answer lacks to be a problem about the field; empty when it is one."""
    if response.status_code != 400 or response["Content-Type"] != "application/problem+json":
        return f"{response.status_code} {response.content[:150]!r}"
    found = json.loads(response.content).get("issues", [])
    about = [issue for issue in found if issue["field"].split(".")[: path.count(".") + 1] == path.split(".")]
    if not about:
        return f"no word of {path}: {found}"
    return "" if all(issue["problem"] and issue["remedy"] and issue["code"] for issue in about) else f"incomplete: {about}"


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_value_is_named_and_nothing_is_changed(sender: Callable[[str], Sender], name: str) -> None:
    send = sender(name)
    before, broken = picture(), []
    for path, wrong, body in wrong_bodies(send.operation.body):
        fault = faults(send(body), path)
        if fault:
            broken.append(f"{path}={wrong!r:.60}: {fault}")
    for odd in ("no_such_field", "\ud800", "a.b", "x" * 5000):
        fault = faults(send({**send.operation.body, odd: 1}), odd.encode(errors="backslashreplace").decode()[:200])
        if fault:
            broken.append(f"{odd!r:.30}: {fault}")
    assert broken == []
    assert picture() == before


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_json_object_is_refused(sender: Callable[[str], Sender], name: str) -> None:
    send = sender(name)
    before = picture()
    for text in NOT_JSON[1:]:
        response = send(text)
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json"), text[:20]
        (issue,) = json.loads(response.content)["issues"]
        assert (issue["code"], issue["field"], bool(issue["remedy"])) == ("broken_json", "body", True), text[:20]
    assert picture() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_right_body_is_right(sender: Callable[[str], Sender], name: str) -> None:
    """Without this, the tests above could pass on bodies that are wrong for another reason."""
    send = sender(name)
    response = send(send.operation.body)
    expected = 400 if name == "agree a plan" else 201 if send.operation.path.count("/") == 1 else 200
    assert response.status_code == expected, response.content


FORMS = (
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nNew\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b"--x\r\nnothing whole"),
    ("multipart/form-data", b"name=New"),
    ("application/x-www-form-urlencoded", b"name=New%00"),
    ("text/plain", b"New"),
    ("", b'{"name": "New"}'),
    ("/;;", b'{"name": "New"}'),
)


@pytest.mark.parametrize("is_by_session", [True, False])
@pytest.mark.parametrize(("media_type", "body"), FORMS)
def test_another_media_type_is_refused(books: Books, caller: Calls, media_type: str, body: bytes, is_by_session: bool) -> None:
    client = books.company.director.client if is_by_session else caller().browser
    headers = {"Idempotency-Key": "one"} | ({} if is_by_session else caller(books.company.director).headers)
    before = picture()
    client.raise_request_exception = False
    response = client.generic("POST", "/api/v1/companies/", body, content_type=media_type, headers=headers)
    assert (response.status_code, response["Content-Type"]) in {
        (415, "application/problem+json"),
        (400, "application/problem+json"),
    }
    assert picture() == before


def test_no_deed_is_done_without_a_key(books: Books, caller: Calls, settings: Any) -> None:
    operations = {name: each for name, each in operations_of(books).items() if each.method == "post"}
    del operations["open a contact"]  # costs nothing the second time, and is answered anew
    callers = {each.who: caller(getattr(books.company, each.who)) for each in operations.values()}
    before = picture()
    for name, each in operations.items():
        response = callers[each.who].send("post", each.path, dict(each.body), {})
        (issue,) = json.loads(response.content)["issues"]
        assert (response.status_code, issue["code"], issue["field"]) == (400, "key_required", "Idempotency-Key"), name
    assert picture() == before


def test_every_way_to_write_is_tried(books: Books, caller: Calls) -> None:
    paths = json.loads(caller(books.company.owner).get("schema/?format=json").content)["paths"]
    writing = {"post", "put", "patch", "delete"}
    described = {(path, method) for path, methods in paths.items() for method in methods if method in writing}
    operations = operations_of(books)
    tried = {(re.sub(r"/\d+/", "/{id}/", f"/api/v1/{each.path}"), each.method) for each in operations.values()}
    assert tried == described
    assert set(NAMES) == set(operations)
