"""The production shape in docker-compose.yml, checked by Docker's own client where there is one."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operations.test_settings import load

ROOT = Path(__file__).resolve().parents[2]
WHOLE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
FILLED = {"SECRET_KEY": "k" * 60, "SITE": "crm.example.com", "POSTGRES_PASSWORD": "p", "REDIS_PASSWORD": "r"}


def compose(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`docker compose config` with these variables."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("The docker client with compose is not installed.")
    command = [docker, "compose", "--env-file", os.devnull, "-f", str(ROOT / "docker-compose.yml"), "config", "--format", "json"]
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(command, env=known | environment, capture_output=True, text=True, check=False)


def services() -> dict[str, Any]:
    """The services as the file says them."""
    found: dict[str, Any] = WHOLE["services"]
    return found


def test_the_client_accepts_the_file() -> None:
    done = compose(FILLED)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", sorted(FILLED))
def test_a_missing_secret_is_named(missing: str) -> None:
    done = compose({name: value for name, value in FILLED.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


def test_every_part_of_the_production_shape_is_there() -> None:
    assert set(services()) == {"migrate", "web", "worker", "scheduler", "postgres", "redis", "proxy"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in services().items() if "ports" in service] == ["proxy"]
    assert services()["postgres"]["networks"] == services()["redis"]["networks"] == ["inside"]


def test_web_worker_and_scheduler_wait_for_the_schema() -> None:
    waits = {services()[name]["depends_on"]["migrate"]["condition"] for name in ("web", "worker", "scheduler")}
    assert waits == {"service_completed_successfully"}


def test_no_application_container_runs_with_more_rights_than_it_needs() -> None:
    for name in ("migrate", "web", "worker", "scheduler"):
        assert services()[name]["cap_drop"] == ["ALL"], name
        assert services()[name]["read_only"] is True, name
    assert "USER salesys" in (ROOT / "Dockerfile").read_text()


def test_no_secret_stands_in_the_example() -> None:
    lines = (ROOT / "docker" / "example.env").read_text().splitlines()
    filled = {line.split("=", 1)[0] for line in lines if "=" in line and not line.startswith("#") and line.split("=", 1)[1]}
    assert filled == {"SITE", "DEFAULT_FROM_EMAIL"}


OURS = ("migrate", "web", "worker", "scheduler")
READ = re.compile(r"""(?:env_(?:text|choice|bool|int|list)|environ\.get)\(\s*"([A-Z_]+)\"""")
NAMED = re.compile(r"(?<!\$)\$\{([A-Z_]+)")


def instructions() -> list[str]:
    """The lines of the Dockerfile, each instruction on one."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def words_of(instruction: str) -> list[list[str]]:
    """The words after each instruction of a kind."""
    return [shlex.split(line)[1:] for line in instructions() if line.startswith(f"{instruction} ")]


def test_the_application_reads_every_variable_that_it_is_given() -> None:
    sources = [ROOT / "salesys" / "settings.py", *(ROOT / "salesys").glob("*/*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text())}
    assert {"DATABASE_URL", "REPLICA_URLS", "SECRET_KEY"} <= read
    for name in OURS:
        assert set(services()[name]["environment"]) - read == set(), name


OF_THE_SHAPE = {
    "SALESYS_ENV", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXY_COUNT",
    "SECURE_SSL_REDIRECT", "STATIC_ROOT", "MEDIA_ROOT",
}  # fmt: skip
"""What the containers themselves decide."""


def test_every_variable_of_the_documentation_reaches_the_containers_from_the_environment_file() -> None:
    table = (ROOT / "docs" / "production.md").read_text().partition("## Variables")[2].partition("\n## ")[0]
    named = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = set(re.findall(r"`([A-Z_]+)`", " ".join(named)))
    assert documented > OF_THE_SHAPE
    for name in OURS:
        given = services()[name]["environment"]
        assert {key for key, value in given.items() if f"${{{key}:" in value} == documented - OF_THE_SHAPE, name


def test_a_variable_that_is_not_filled_in_leaves_the_default() -> None:
    optional = {key: "" for key, value in services()["web"]["environment"].items() if value.endswith(":-}")}
    assert {"EMAIL_PORT", "EMAIL_USE_TLS", "SESSION_HOURS", "LOG_FORMAT", "SALESYS_LANGUAGE"} <= set(optional)
    safe = {"SALESYS_ENV": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "crm.example.com"}
    safe |= {"DATABASE_URL": "postgresql://crm:p@db/sales", "REDIS_URL": "redis://redis/0"}
    names = ("EMAIL_PORT", "EMAIL_USE_TLS", "SESSION_COOKIE_AGE", "LANGUAGE_CODE", "SECURE_HSTS_SECONDS")
    assert load(safe | optional, *names) == load(safe, *names)


def test_the_example_names_every_variable_that_must_be_filled_in() -> None:
    lines = (ROOT / "docker" / "example.env").read_text().splitlines()
    example = {line.split("=", 1)[0] for line in lines if "=" in line and not line.startswith("#")}
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) <= example <= set(NAMED.findall(text))


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in services().values() if "build" not in service]
    images += [words[0] for words in words_of("FROM")]
    assert len(images) == 5
    for image in images:
        name, _colon, version = image.partition(":")
        assert (bool(name), version[:1].isdigit()) == (True, True), image


def test_what_the_image_is_made_from_is_there() -> None:
    copied = [words[:-1] for words in words_of("COPY") if not words[0].startswith("--from")]
    assert copied
    ignored = (ROOT / ".dockerignore").read_text().split()
    for source in (source for sources in copied for source in sources):
        assert (ROOT / source).exists(), source
        assert source.strip("/") not in ignored, source
    assert {".venv", "var", ".env", ".git"} <= {line.strip("/") for line in ignored}


def test_every_volume_and_network_that_is_used_is_declared() -> None:
    mounts = [mount.split(":", 1)[0] for service in services().values() for mount in service.get("volumes", ())]
    assert {mount for mount in mounts if not mount.startswith("./")} == set(WHOLE["volumes"])
    assert {network for service in services().values() for network in service["networks"]} == set(WHOLE["networks"])
    assert all((ROOT / mount).exists() for mount in mounts if mount.startswith("./"))


def test_every_program_that_a_container_runs_is_there() -> None:
    usual = [json.loads(" ".join(line[4:].split())) for line in instructions() if line.startswith("CMD ")]
    commands = [services()[name].get("command", []) for name in OURS] + usual
    modules = {command[command.index("-m") + 1] for command in commands if "-m" in command}
    assert modules == {"celery", "granian"}
    assert all("salesys" in " ".join(command) or "manage.py" in command for command in commands if command)
