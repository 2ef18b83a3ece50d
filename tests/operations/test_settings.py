"""Production refuses to start where something that protects people's data is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SALESYS_ENV": "production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgresql://crm:p%40ss@db.example.com:6432/sales?sslmode=require",
    "REDIS_URL": "redis://redis.example.com:6379/0",
}
PRINT = """
import json, sys
from salesys import settings
print(json.dumps([getattr(settings, name) for name in sys.argv[1:]], default=str))
"""


def load(environment: dict[str, str], *names: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of their own and print some."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PRINT, *names], cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=False
    )


def test_a_safe_production_starts() -> None:
    done = load(SAFE, "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert json.loads(done.stdout) == [False, ["crm.example.com"], True, True, 31_536_000]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "SECRET_KEY must be set"),
        ("SECRET_KEY", "development-only-secret-key-that-production-refuses", "SECRET_KEY must be set"),
        ("DEBUG", "1", "DEBUG must be off"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
        ("DATABASE_URL", "", "DATABASE_URL must name"),
        ("REDIS_URL", "", "REDIS_URL must name"),
    ],
)
def test_an_unsafe_production_says_why_it_does_not_start(name: str, value: str, reason: str) -> None:
    done = load(SAFE | {name: value}, "DEBUG")
    assert done.returncode == 1
    assert "SALESYS_ENV=production refuses to start" in done.stderr
    assert reason in done.stderr
    assert done.stdout == ""


def test_every_reason_is_named_at_once() -> None:
    done = load({"SALESYS_ENV": "production", "DEBUG": "yes"}, "DEBUG")
    assert done.stderr.count("must ") == 5


def test_a_database_address_is_taken_apart() -> None:
    (databases,) = json.loads(load(SAFE, "DATABASES").stdout)
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
    done = load(SAFE | {name: value}, "DEBUG")
    assert done.returncode == 1
    assert reason in done.stderr


def test_the_deployment_check_of_django_finds_nothing() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = inherited | SAFE | {"SECRET_KEY": "kf83Jdpq0_Lm2vXs71Zbn5TgYhWcRtQeUiOpAsDfGhJkLzXcVbNm12"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_replicas_are_databases_that_nothing_is_written_to() -> None:
    named = {
        "REPLICA_URLS": "postgresql://crm@one/sales, postgresql://crm@two:6432/sales?sslmode=require",
        "REPLICA_MAX_LAG": "4",
    }
    databases, replicas, lag = json.loads(load(SAFE | named, "DATABASES", "REPLICAS", "REPLICA_MAX_LAG").stdout)
    assert (list(databases), replicas, lag) == (["default", "replica1", "replica2"], ["replica1", "replica2"], 4)
    assert [databases[name]["HOST"] for name in replicas] == ["one", "two"]
    options = databases["replica2"]["OPTIONS"]
    assert options == {"sslmode": "require", "connect_timeout": 3, "options": "-c default_transaction_read_only=on"}


def test_without_replicas_there_is_one_database() -> None:
    assert json.loads(load(SAFE, "REPLICAS", "DATABASES").stdout)[0] == []
