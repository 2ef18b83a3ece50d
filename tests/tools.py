"""What the whole test run needs beside pytest: a browser, and the measure of coverage."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
USUAL_PLACES = (
    Path("/snap/bin/chromium"),
    Path("/opt/google/chrome/chrome"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
NO_BROWSER = "The browser tests need Chromium or Chrome. Install one (on Debian: apt-get install chromium), or set BROWSER_PATH."
WHOLE = ("salesys/kernel/", "planning/engine/", "compensation/engine/")
LEAST_PERCENT = 92.0


def installed_browser() -> str | None:
    """The path of a Chromium or Chrome that is there already."""
    named = os.environ.get("BROWSER_PATH")
    found = [named, *map(shutil.which, BROWSERS), *(str(path) for path in USUAL_PLACES if path.exists())]
    return next(filter(None, found), None)


def browser() -> str | None:
    """A browser for the tests: the one that is installed, else Debian's, else Playwright's own; None when none can be had."""
    found = installed_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = installed_browser()
    return found or playwright_browser()


def playwright_browser() -> str | None:
    """Playwright's own Chromium, fetched when it is not there."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300).returncode:
        return None
    where = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    return subprocess.run([sys.executable, "-c", where], capture_output=True, text=True, check=True).stdout.strip()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the code the tests went through; lines and branches together."""

    percent: float
    gaps: dict[str, float]

    @property
    def is_enough(self) -> bool:
        """92 % of everything and all of the engines and the kernel."""
        return self.percent >= LEAST_PERCENT and not self.gaps

    def __str__(self) -> str:
        gaps = "".join(f"\n  {name}: {percent:.1f} %, must be 100 %" for name, percent in sorted(self.gaps.items()))
        return f"coverage {self.percent:.1f} % (at least {LEAST_PERCENT:.0f} %){gaps}"


def read_coverage(report: Path) -> Coverage:
    """Read what `coverage json` wrote."""
    measured = json.loads(report.read_text())
    percents = {name: found["summary"]["percent_covered"] for name, found in measured["files"].items()}
    gaps = {name: percent for name, percent in percents.items() if name.startswith(WHOLE) and percent < 100}
    return Coverage(measured["totals"]["percent_covered"], gaps)
