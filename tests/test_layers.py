"""The layout holds: imports point downwards, files fit in a head, functions on a screen, and nothing odd is left lying about."""

from __future__ import annotations

import ast
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STREETS = ("salesys", "accounts", "pipeline", "planning", "compensation", "vip")
CODE = (*STREETS, "bench", "tests")
LINT_IMPORTS = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
VIOLATIONS = {
    "Streets import downwards": [
        ("salesys/kernel/money.py", "import salesys.db.clock"),
        ("salesys/db/clock.py", "import accounts.roles"),
        ("accounts/roles.py", "import pipeline.urls"),
        ("pipeline/urls.py", "import planning.urls"),
        ("planning/urls.py", "import compensation.urls"),
        ("compensation/urls.py", "import vip.urls"),
        ("vip/urls.py", "import salesys.web.urls"),
        ("salesys/web/urls.py", "import salesys.urls"),
    ],
    "Engines and the kernel know no framework": [
        ("salesys/kernel/periods.py", "import django.utils.timezone"),
        ("planning/engine/__init__.py", "import django.db"),
        ("compensation/engine/__init__.py", "import psycopg2"),
    ],
    "The embedded servers know nothing of the product": [("salesys/embedded/processes.py", "import django.conf")],
    "Houses of accounts stand in order": [("accounts/people/models.py", "import accounts.setup.services")],
    "Rows know no services": [("accounts/structure/models.py", "import accounts.access.audit")],
    "Houses of pipeline stand in order": [("pipeline/clients/models.py", "import pipeline.deals.models")],
    "Houses of planning stand in order": [("planning/goals/models.py", "import planning.control.queries")],
    "Houses of compensation stand in order": [("compensation/schemes/models.py", "import compensation.ledger.models")],
}


def python_files(folders: tuple[str, ...] = CODE) -> Iterator[Path]:
    """Every file that people wrote."""
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def functions(folders: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Every function with its number of lines, its docstring not counted."""
    for path in python_files(folders):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length(node)


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end without the docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    words = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - words


def contracts() -> list[str]:
    """The names of the import contracts."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to plant violations in."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for street in STREETS:
        shutil.copytree(ROOT / street, folder / street, ignore=shutil.ignore_patterns("__pycache__", "*.sql"))
    return folder


def lint(folder: Path) -> str:
    """What import-linter says about the code in `folder`."""
    command = [sys.executable, "-c", LINT_IMPORTS]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_every_import_contract_is_kept(copy: Path) -> None:
    said = lint(copy)
    assert [name for name in contracts() if f"{name} KEPT" not in said] == [], said


def test_every_import_contract_notices_its_violations(copy: Path) -> None:
    kept = {path: path.read_text() for plants in VIOLATIONS.values() for path in (copy / name for name, _ in plants)}
    for plants in VIOLATIONS.values():
        for name, statement in plants:
            (copy / name).write_text(f"{(copy / name).read_text()}\n{statement}\n")
    try:
        said = lint(copy)
    finally:
        for path, text in kept.items():
            path.write_text(text)
    planted = [(contract, plant, words.split()[1]) for contract, plants in VIOLATIONS.items() for plant, words in plants]
    missed = [row for row in planted if not is_told(said, *row)]
    assert missed == [], said


def is_told(said: str, contract: str, plant: str, module: str) -> bool:
    """Whether import-linter names the contract as broken, and the planted import among the reasons."""
    importer = plant.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imported = module.split(".", maxsplit=1)[0] if module.startswith(("django", "psycopg2")) else module
    return f"{contract} BROKEN" in said and re.search(rf"{re.escape(importer)} -> {re.escape(imported)}\b", said) is not None


def test_every_import_contract_has_planted_violations() -> None:
    assert sorted(VIOLATIONS) == sorted(contracts())


def test_no_file_is_longer_than_400_lines() -> None:
    pages = (path for path in (ROOT / "static").glob("[!v]*/*.*s"))
    templates = (ROOT / "templates").rglob("*.html")
    statements = (path for street in STREETS for path in (ROOT / street).rglob("*.sql"))
    files = (*python_files(), *pages, *templates, *statements)
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    assert {name: lines for name, lines in functions(CODE) if lines > 60} == {}


def test_the_median_function_has_at_most_8_lines() -> None:
    assert statistics.median(lines for _, lines in functions((*STREETS, "bench"))) <= 8


FORBIDDEN = {
    "a mark for later": re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"),
    "a bare noqa": re.compile(r"# noqa(?!:)"),
    "a bare type: ignore": re.compile(r"# type: ignore(?!\[)"),
    "a swallowed exception": re.compile(r"except( Exception)?:\s*\n\s*pass\b"),
    "an inline style in a template": re.compile(r"<[^>]+\sstyle="),
    "an inline handler in a template": re.compile(r"<[^>]+\son(click|change|submit|load|input)="),
}


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_the_code_holds_no_trace_of(what: str) -> None:
    suffix, folder = ("*.html", ROOT / "templates") if "template" in what else ("*.py", ROOT)
    paths = sorted(folder.rglob(suffix)) if "template" in what else [path for path in python_files() if path != Path(__file__)]
    assert [str(path.relative_to(ROOT)) for path in paths if FORBIDDEN[what].search(path.read_text())] == []


def test_no_address_of_a_package_index_stands_in_the_repository() -> None:
    names = ("package-lock.json", ".npmrc", "pyproject.toml", "Makefile", "Dockerfile")
    files = [*sorted((ROOT / "requirements").glob("*.txt")), *(ROOT / name for name in names)]
    address = re.compile(r"--(extra-)?index-url|\"resolved\": *\"http|registry *= *http|--find-links")
    assert [path.name for path in files if address.search(path.read_text())] == []
