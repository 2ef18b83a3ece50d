from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests import tools


def report(folder: Path, total: float, **files: float) -> Path:
    """What `coverage json` writes, as far as it is read here."""
    path = folder / "coverage.json"
    summaries = {name.replace("__", "/") + ".py": {"summary": {"percent_covered": percent}} for name, percent in files.items()}
    path.write_text(json.dumps({"files": summaries, "totals": {"percent_covered": total}}))
    return path


def test_92_percent_and_whole_engines_are_enough(tmp_path: Path) -> None:
    found = tools.read_coverage(report(tmp_path, 92.0, salesys__kernel__money=100, salesys__web__views=80))
    assert found.is_enough


def test_less_than_92_percent_is_not_enough(tmp_path: Path) -> None:
    assert not tools.read_coverage(report(tmp_path, 91.99, salesys__kernel__money=100)).is_enough


@pytest.mark.parametrize("name", ["salesys__kernel__money", "planning__engine__funnel", "compensation__engine__tiers"])
def test_a_gap_in_an_engine_is_named(tmp_path: Path, name: str) -> None:
    found = tools.read_coverage(report(tmp_path, 99.0, **{name: 99.5}))
    assert not found.is_enough
    assert f"{name.replace('__', '/')}.py: 99.5 %, must be 100 %" in str(found)


def test_the_browser_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/opt/browser")
    assert tools.installed_browser() == "/opt/browser"


def test_a_browser_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chromium").touch(mode=0o755)
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert tools.installed_browser() == str(tmp_path / "chromium")
