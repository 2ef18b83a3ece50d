"""`make test`: every check of the project, then every test; `python -m tests.everything lint|types` runs a part.

A check that fails does not keep the next from running; the summary at the end names each.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.tools import NO_BROWSER, ROOT, browser, read_coverage

APPS = ["salesys", "accounts", "pipeline", "planning", "compensation", "vip"]
LINT = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "imports": ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "security": ["-m", "bandit", "--quiet", "-c", "pyproject.toml", "-r", *APPS],
}
TYPES = {"mypy": ["-m", "mypy"]}
SCHEMA = {
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
PRODUCTION = {
    "SALESYS_ENV": "production",
    "SECRET_KEY": "a-key-that-is-long-enough-for-the-check-of-the-settings-and-used-nowhere",
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1/nowhere",
    "REDIS_URL": "redis://127.0.0.1/0",
}
LONGEST_SECONDS = 2700
REPORT = ROOT / "var" / "coverage.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check ended, and the line that sums it up."""

    name: str
    is_well: bool
    seconds: float
    line: str = ""

    def __str__(self) -> str:
        return f"{'ok    ' if self.is_well else 'FAILED'} {self.name:<12} {self.seconds:6.1f} s  {self.line}".rstrip()


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def check(name: str, command: list[str]) -> Outcome:
    """Run one check; what it says is shown when it fails."""
    begin = time.monotonic()
    extra = PRODUCTION if name == "deployment" else {}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(f"--- {name}\n{done.stdout[-8000:]}{done.stderr[-8000:]}")
    outcome = Outcome(name, done.returncode == 0, time.monotonic() - begin)
    say(str(outcome))
    return outcome


def find_browser() -> Outcome:
    """Make sure that the browser tests have a browser, and tell them which."""
    begin = time.monotonic()
    found = browser()
    if found:
        os.environ["BROWSER_PATH"] = found
    outcome = Outcome("browser", found is not None, time.monotonic() - begin, found or NO_BROWSER)
    say(str(outcome))
    return outcome


def test(arguments: list[str]) -> Outcome:
    """Run pytest on both cores, passing on what it says; its closing line sums it up.

    Each core begins with one half of the tests, so that what a module or the browser needs is made on one of them alone, and
    takes over from the other when it has come to the end.
    """
    begin = time.monotonic()
    Path(ROOT / "var").mkdir(exist_ok=True)
    measure = ["--cov", "--cov-report=", f"--cov-report=json:{REPORT}"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *measure, *arguments]
    closing = ""
    # A group of its own, so that whatever a test left behind ends with it and cannot keep the pipe open
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        watch = threading.Timer(LONGEST_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        try:
            for line in process.stdout or ():
                say(line.rstrip())
                closing = line.strip() or closing
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGINT)
            raise
        finally:
            watch.cancel()
    if process.returncode == -signal.SIGKILL:
        closing = f"killed: it did not end in {LONGEST_SECONDS} s"
    return Outcome("pytest", process.returncode == 0, time.monotonic() - begin, closing.strip("= "))


def measure_coverage() -> Outcome:
    """Compare what the tests went through with what is asked for."""
    if not REPORT.exists():
        return Outcome("coverage", is_well=False, seconds=0, line="was not measured")
    found = read_coverage(REPORT)
    return Outcome("coverage", found.is_enough, 0, str(found))


def run(part: str, arguments: list[str]) -> list[Outcome]:
    """Run the checks of a part, or all of them and the tests."""
    checks = {"lint": LINT, "types": TYPES}.get(part, LINT | TYPES | SCHEMA)
    with ThreadPoolExecutor(max_workers=2) as both_cores:
        outcomes = list(both_cores.map(lambda item: check(*item), sorted(checks.items(), key=lambda item: item[0] != "mypy")))
    if part == "all":
        REPORT.unlink(missing_ok=True)
        outcomes += [find_browser(), test(arguments), measure_coverage()]
        check("stop servers", ["manage.py", "servers", "stop"])
    return outcomes


def keep_compiled() -> None:
    """Let a dozen processes share what the first of them has compiled, also where Python is told to leave nothing in folders."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "pycache"))


def main() -> int:
    """Run, sum up, and fail when anything failed."""
    begin = time.monotonic()
    keep_compiled()
    part = sys.argv[1] if len(sys.argv) > 1 else "all"
    outcomes = run(part, sys.argv[2:])
    say(f"\nSummary after {time.monotonic() - begin:.0f} s")
    for outcome in outcomes:
        say(str(outcome))
    return 0 if all(outcome.is_well for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
