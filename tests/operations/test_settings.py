"""Production refuses to start where something that protects people's data is missing."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SALESYS_ENV": "production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgresql://crm:p%40ss@db.example.com:6432/sales?sslmode=require",
    "REDIS_URL": "redis://redis.example.com:6379/0",
}
INHERITED = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def load(environment: dict[str, str], *names: str) -> list[Any]:
    """The values of settings as a process with this environment reads them."""
    with patch.dict(os.environ, INHERITED | environment, clear=True):
        settings = runpy.run_path(str(ROOT / "salesys" / "settings.py"))
    found: list[Any] = json.loads(json.dumps([settings[name] for name in names], default=str))
    return found


def refusal(environment: dict[str, str]) -> str:
    """What the settings say when they refuse this environment."""
    with pytest.raises(ImproperlyConfigured) as error:
        load(environment)
    return str(error.value)


def test_a_safe_production_starts() -> None:
    found = load(SAFE, "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert found == [False, ["crm.example.com"], True, True, 31_536_000]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "SECRET_KEY must be set"),
        ("SECRET_KEY", "development-only-secret-key-that-production-refuses", "SECRET_KEY must be set"),
        ("SECRET_KEY_FALLBACKS", "a, development-only-secret-key-that-production-refuses", "SECRET_KEY_FALLBACKS must not hold"),
        ("DEBUG", "1", "DEBUG must be off"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
        ("DATABASE_URL", "", "DATABASE_URL must name"),
        ("REDIS_URL", "", "REDIS_URL must name"),
    ],
)
def test_an_unsafe_production_says_why_it_does_not_start(name: str, value: str, reason: str) -> None:
    said = refusal(SAFE | {name: value})
    assert said.startswith("SALESYS_ENV=production refuses to start")
    assert reason in said


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "postgresql://crm:secret@db.example.com:no/sales", "The port of a database address is a number"),
        ("DATABASE_URL", "postgresql://crm:secret@db.example.com:99999/sales", "The port of a database address is a number"),
        ("REDIS_URL", "redis.example.com:6379", "REDIS_URL begins with redis://"),
        ("SALESYS_LANGUAGE", "de", "SALESYS_LANGUAGE='de' is unknown. Write one of: en, ru."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL='loud' is unknown. Write one of: DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT='xml' is unknown. Write one of: json, text."),
        ("SESSION_HOURS", "0", "SESSION_HOURS='0' is too small. Write 1 or more."),
        ("SESSION_HOURS", "half", "SESSION_HOURS='half' is not a whole number."),
        ("TRUSTED_PROXY_COUNT", "-1", "TRUSTED_PROXY_COUNT='-1' is too small. Write 0 or more."),
        ("SECURE_SSL_REDIRECT", "perhaps", "SECURE_SSL_REDIRECT='perhaps' is neither yes nor no."),
    ],
)
def test_a_value_of_another_kind_is_refused_by_name_and_shows_no_password(name: str, value: str, reason: str) -> None:
    said = refusal(SAFE | {name: value})
    assert said.startswith(reason)
    assert "secret" not in said


def test_every_reason_is_named_at_once() -> None:
    assert refusal({"SALESYS_ENV": "production", "DEBUG": "yes"}).count("must ") == 5


def test_a_process_that_is_refused_does_not_start() -> None:
    command = [sys.executable, "-c", "import salesys.settings; print('started')"]
    environment = INHERITED | SAFE | {"SECRET_KEY": "short"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert "SALESYS_ENV=production refuses to start: SECRET_KEY must be set" in done.stderr


def test_a_database_address_is_taken_apart() -> None:
    (databases,) = load(SAFE, "DATABASES")
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert [databases["default"][name] for name in names] == [
        "sales",
        "crm",
        "p@ss",
        "db.example.com",
        "6432",
        {"sslmode": "require"},
    ]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SALESYS_ENV", "staging", "SALESYS_ENV='staging' is unknown"),
        ("DEBUG", "perhaps", "DEBUG='perhaps' is neither yes nor no"),
        ("SESSION_HOURS", "long", "SESSION_HOURS='long' is not a whole number"),
        ("DATABASE_URL", "mysql://root@localhost/crm", "begins with postgresql://, not with 'mysql'"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_with_its_value(name: str, value: str, reason: str) -> None:
    assert reason in refusal(SAFE | {name: value})


def test_the_deployment_check_of_django_finds_nothing() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = INHERITED | SAFE | {"SECRET_KEY": "kf83Jdpq0_Lm2vXs71Zbn5TgYhWcRtQeUiOpAsDfGhJkLzXcVbNm12"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_replicas_are_databases_that_nothing_is_written_to() -> None:
    named = {
        "REPLICA_URLS": "postgresql://crm@one/sales, postgresql://crm@two:6432/sales?sslmode=require",
        "REPLICA_MAX_LAG": "4",
    }
    databases, replicas, lag = load(SAFE | named, "DATABASES", "REPLICAS", "REPLICA_MAX_LAG")
    assert (list(databases), replicas, lag) == (["default", "replica1", "replica2"], ["replica1", "replica2"], 4)
    assert [databases[name]["HOST"] for name in replicas] == ["one", "two"]
    options = databases["replica2"]["OPTIONS"]
    assert options == {"sslmode": "require", "connect_timeout": 3, "options": "-c default_transaction_read_only=on"}


def test_without_replicas_there_is_one_database() -> None:
    assert load(SAFE, "REPLICAS") == [[]]
