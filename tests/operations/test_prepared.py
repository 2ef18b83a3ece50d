"""A second demo starts at once when nothing has changed, and prepares again whatever has."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg2.extensions import make_dsn

from salesys.operations import demo, prepared
from salesys.operations.children import Family
from salesys.operations.prepared import Preparation

THEN = Preparation("code", "asked", "database", "2026-11-20")


def test_what_was_noted_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "prepared.json"
    assert prepared.noted(path) is None
    prepared.note(path, THEN)
    assert prepared.noted(path) == THEN
    assert [file.name for file in tmp_path.iterdir()] == ["prepared.json"]


def test_another_day_is_told_from_another_state() -> None:
    tomorrow = replace(THEN, day="2026-11-21")
    assert tomorrow.is_for_another_day(THEN)
    assert not THEN.is_for_another_day(THEN)
    assert not tomorrow.is_for_another_day(None)
    assert not replace(tomorrow, database="restored").is_for_another_day(THEN)


def test_collecting_anew_is_another_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATIC_ROOT", str(tmp_path))
    before = prepared.state_of_code()
    assert prepared.state_of_code() == before
    (tmp_path / ".made-from").write_text("other files")
    assert prepared.state_of_code() != before


@pytest.mark.django_db(transaction=True)
def test_the_database_says_what_was_applied_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = settings.DATABASES["default"]
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    monkeypatch.setattr(prepared, "address", lambda: make_dsn(**{name: str(known[key]) for name, key in named.items()}))
    applied, loaded = prepared.state_of_database().split(" ")
    assert (len(applied), loaded) == (32, "None")


def test_a_database_that_cannot_be_asked_is_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "address", lambda: "postgresql://nobody@127.0.0.1:1/nothing")
    assert prepared.state_of_database() == ""


def test_the_address_is_the_server_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert "dbname=salesys" in prepared.address()
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm@db.example.com/crm")
    assert prepared.address() == "postgresql://crm@db.example.com/crm"


TODAY = replace(THEN, day="2026-11-21")


@pytest.mark.parametrize(
    ("before", "has_logins", "steps"),
    [
        (None, True, ["prepare", "start"]),
        (TODAY, True, ["start"]),
        (TODAY, False, ["prepare", "start"]),
        (THEN, True, ["start", "prepare"]),
        (THEN, False, ["prepare", "start"]),
        (replace(TODAY, asked="other data"), True, ["prepare", "start"]),
        (replace(TODAY, code="other code"), True, ["prepare", "start"]),
    ],
)
def test_only_what_has_changed_is_prepared(
    before: Preparation | None,
    has_logins: bool,
    steps: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def doing(what: str) -> Any:
        return lambda *args: done.append(what)

    monkeypatch.setattr(demo, "LOGINS", tmp_path / "logins.json")
    monkeypatch.setattr(demo, "PREPARED", tmp_path / "prepared.json")
    for name, what in (("prepare", "prepare"), ("start_processes", "start"), ("wait_until_ready", "wait")):
        monkeypatch.setattr(demo, name, doing(what))
    monkeypatch.setattr(prepared, "present", lambda asked: TODAY)
    if before is not None:
        prepared.note(demo.PREPARED, before)
    if has_logins:
        demo.LOGINS.touch()
    demo.bring_up(Family(tmp_path, {}), argparse.Namespace(data="", size="1", language="en"), 8000)
    assert done == [*steps, "wait"]
