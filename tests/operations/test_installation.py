from __future__ import annotations

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from salesys.operations import installation
from salesys.operations.messages import compile_all, compile_catalogue

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "deal"
msgid_plural "deals"
msgstr[0] "сделка"
msgstr[1] "сделки"
msgstr[2] "сделок"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    return path


def test_a_catalogue_is_compiled_without_gettext_of_the_system(catalogue: Path) -> None:
    assert compile_catalogue(catalogue)
    with catalogue.with_suffix(".mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert [translations.ngettext("deal", "deals", number) for number in (1, 3, 11)] == ["сделка", "сделки", "сделок"]


def test_a_catalogue_is_compiled_again_only_when_it_is_newer(catalogue: Path, tmp_path: Path) -> None:
    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0
    os.utime(catalogue, (catalogue.stat().st_atime, catalogue.stat().st_mtime + 10))
    assert compile_all(tmp_path) == 1


def test_a_broken_catalogue_is_refused_and_the_old_one_stays(catalogue: Path) -> None:
    compile_catalogue(catalogue)
    before = catalogue.with_suffix(".mo").read_bytes()
    catalogue.write_text(PO + '\nmsgid "broken\n', encoding="utf-8")
    os.utime(catalogue, (catalogue.stat().st_atime, catalogue.stat().st_mtime + 10))
    with pytest.raises(PoFileError):
        compile_catalogue(catalogue)
    assert catalogue.with_suffix(".mo").read_bytes() == before


def test_a_step_is_done_while_its_input_is_the_same(tmp_path: Path) -> None:
    lock, stamp = tmp_path / "demo.txt", tmp_path / "stamp"
    lock.write_text("django==5.2.19\n")
    assert not installation.is_done(stamp, installation.fingerprint(lock))
    stamp.write_text(installation.fingerprint(lock))
    assert installation.is_done(stamp, installation.fingerprint(lock))
    lock.write_text("django==5.2.20\n")
    assert not installation.is_done(stamp, installation.fingerprint(lock))


def test_a_step_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert not installation.run("packages", [sys.executable, "-c", "import sys; print('no such index'); sys.exit(1)"])
    assert capsys.readouterr().out == "  packages: failed\nno such index\n\n"


def test_the_installer_needs_nothing_that_is_not_installed_yet() -> None:
    command = [sys.executable, "-S", "-I", "-c", f"import runpy; runpy.run_path({installation.__file__!r}, run_name='tried')"]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.fixture
def tried_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the programs that were run in a project of few files, in order; each does what it should."""
    names = ["package-lock.json", "requirements/runtime.txt", "salesys/shell/icons.py", "salesys/shell/vendor.py"]
    for name in (*names, "salesys/operations/messages.py", "locale/ru/LC_MESSAGES/django.po", "node_modules/.installed"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    run: list[str] = []

    def do(command: list[str], **kwargs: object) -> subprocess.CompletedProcess[bytes]:
        run.append(command[-1])
        for made in ("static/vendor/icons.svg", "locale/ru/LC_MESSAGES/django.mo"):
            (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / made).touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(installation, "ROOT", tmp_path)
    monkeypatch.setattr(subprocess, "run", do)
    return run


BOTH = ["salesys.shell.vendor", "salesys.operations.messages"]


def test_files_are_copied_and_texts_compiled_once(tried_programs: list[str]) -> None:
    installation.copy_and_compile()
    installation.copy_and_compile()
    assert tried_programs == BOTH


@pytest.mark.parametrize("changed", ["locale/ru/LC_MESSAGES/django.po", "package-lock.json", "salesys/shell/icons.py"])
def test_a_change_of_the_source_is_made_anew(tried_programs: list[str], tmp_path: Path, changed: str) -> None:
    installation.copy_and_compile()
    (tmp_path / changed).write_text("other")
    installation.copy_and_compile()
    assert tried_programs == BOTH * 2


@pytest.mark.parametrize("lost", ["locale/ru/LC_MESSAGES/django.mo", "static/vendor/icons.svg"])
def test_what_was_made_and_lost_is_made_anew(tried_programs: list[str], tmp_path: Path, lost: str) -> None:
    installation.copy_and_compile()
    (tmp_path / lost).unlink()
    installation.copy_and_compile()
    assert tried_programs == BOTH * 2


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the installer makes its environment in a project of its own; one that is whole has a file that says so."""
    made = tmp_path / ".venv"

    def make(what: str, command: list[str | Path]) -> bool:
        subprocess.run([*command, "--without-pip"], check=True)
        (made / "whole").touch()
        return True

    monkeypatch.setattr(installation, "run", make)
    for name, value in {"VENV": made, "PYTHON": made / "bin" / "python", "UNFINISHED": made / "unfinished"}.items():
        monkeypatch.setattr(installation, name, value)
    return made


def breaking_off(*args: object, **kwargs: object) -> bool:
    raise KeyboardInterrupt


def test_an_environment_that_was_left_half_made_is_made_anew(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(installation, "run", breaking_off)
        installation.make_environment()
    # What Python's venv leaves when it is broken off before it installs pip, its last step: a Python that starts.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    installation.make_environment()
    assert (environment / "whole").exists()
    assert not (environment / "unfinished").exists()


def test_an_environment_with_half_of_a_package_is_made_anew(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.make_environment()
    half = environment / "half-a-package"
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(installation, "install_with_uv", breaking_off)
        installation.install_packages("demo")
    half.touch()
    installation.make_environment()
    assert (environment / "whole").exists()
    assert not half.exists()


def test_an_environment_that_works_stays(environment: Path) -> None:
    installation.make_environment()
    (environment / "mine").touch()
    installation.make_environment()
    assert (environment / "mine").exists()


def test_an_interrupted_installation_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "make_environment", breaking_off)
    with pytest.raises(installation.InstallationFailed, match="The next start goes on from here"):
        installation.main()
