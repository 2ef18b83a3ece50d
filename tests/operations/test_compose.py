"""The production shape in docker-compose.yml, checked by Docker's own client where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
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
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
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
