"""Everything that is recorded has a name for people."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.utils.translation import override

from accounts.access.actions import ACTIONS, GROUPS, action_label
from accounts.access.wording import FIELDS, KINDS, RELATED, model_of

ROOT = Path(__file__).resolve().parents[3]
STREETS = ("accounts", "pipeline", "planning", "compensation", "vip", "salesys")
ANYTHING = "[a-z_]+"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module that could record something."""
    paths = [path for street in STREETS for path in sorted((ROOT / street).rglob("*.py"))]
    asked = [path for path in paths if "migrations" not in path.parts and path != ROOT / "accounts/access/audit.py"]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in asked)


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def argument(call: ast.Call, name: str, place: int | None = None) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    positional = call.args[place] if place is not None and len(call.args) > place else None
    return named.get(name, positional)


def texts(node: ast.expr | None, module: ast.Module, function: Function | None) -> set[str]:
    """The patterns of what an expression may be: literals, both branches, and where a parameter comes from."""
    if isinstance(node, ast.Constant):
        return {re.escape(str(node.value))}
    if isinstance(node, ast.JoinedStr):
        parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
        return {"".join(parts)}
    if isinstance(node, ast.IfExp):
        return texts(node.body, module, function) | texts(node.orelse, module, function)
    if isinstance(node, ast.Name) and function is not None:
        return _of_name(node.id, module, function)
    raise AssertionError(f"An action that cannot be read: {ast.dump(node) if node else 'none'}")


def _of_name(name: str, module: ast.Module, function: Function) -> set[str]:
    assigned = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    if assigned:
        return {text for value in assigned for text in texts(value, module, function)}
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    place = names.index(name) if name in names else None
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and called(node) == function.name]
    return {text for call in calls for text in texts(argument(call, name, place), module, None)}


@cache
def recorded() -> dict[str, Path]:
    """Pattern of each action that is recorded anywhere, and where."""
    found: dict[str, Path] = {}
    for path, module in modules():
        for function in (node for node in ast.walk(module) if isinstance(node, Function)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if called(call) == "record" and argument(call, "action") is not None:
                    found |= dict.fromkeys(texts(argument(call, "action"), module, function), path)
                if called(call) == "Deed":
                    found |= dict.fromkeys(texts(argument(call, "action", 0), module, function), path)
    return found


def test_every_action_that_is_recorded_has_a_label() -> None:
    missing = [
        f"{pattern} in {path.relative_to(ROOT)}"
        for pattern, path in recorded().items()
        if not any(re.fullmatch(pattern, action) for action in ACTIONS)
    ]
    assert not missing, "Add labels to accounts/access/actions.py: " + "; ".join(missing)


def test_every_label_is_for_an_action_that_is_recorded() -> None:
    patterns = list(recorded())
    assert [action for action in ACTIONS if not any(re.fullmatch(pattern, action) for pattern in patterns)] == []


def test_the_reading_of_the_code_finds_what_there_is() -> None:
    found = recorded()
    assert len(found) > 60
    for pattern in ("deal\\.moved", "deal\\.[a-z_]+", "import_issue\\.[a-z_]+", "task\\.started", "payment\\.refunded"):
        assert pattern in found


def test_an_action_without_a_label_is_found() -> None:
    module = ast.parse("def deed():\n    record(actor=None, action='moon.landed')")
    (function,) = (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))
    (call,) = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    assert texts(argument(call, "action"), module, function) == {"moon\\.landed"}
    assert not any(re.fullmatch("moon\\.landed", action) for action in ACTIONS)


def test_no_action_stands_in_two_groups() -> None:
    assert sum(len(labels) for _group, labels in GROUPS) == len(ACTIONS)


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Deal moved to another stage"), ("ru", "Сделка переведена на другой этап")]
)
def test_labels_are_in_the_readers_language(language: str, label: str) -> None:
    with override(language):
        assert action_label("deal.moved") == label


def test_an_old_action_that_is_no_more_is_shown_as_it_was() -> None:
    assert action_label("moon.landed") == "Moon.landed"


def literal_keys() -> set[str]:
    """Names of fields that are written into `before` and `after`, straight or by a variable of the same function."""
    found: set[str] = set()
    for _path, module in modules():
        for function in (node for node in ast.walk(module) if isinstance(node, Function)):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and called(node) in {"record", "Deed"}]
            given = [argument(call, name) for call in calls for name in ("before", "after")]
            named = {node.id for value in given if value is not None for node in ast.walk(value) if isinstance(node, ast.Name)}
            assigned = [
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id in named for it in node.targets)
            ]
            given += assigned
            dicts = [node for value in given if value is not None for node in ast.walk(value) if isinstance(node, ast.Dict)]
            found |= {str(key.value) for each in dicts for key in each.keys if isinstance(key, ast.Constant)}
    return found


def test_every_field_that_is_written_has_a_name_for_people() -> None:
    assert literal_keys() - set(FIELDS) == set()


def test_kinds_of_rows_are_those_that_exist() -> None:
    assert [kind for kind in KINDS if model_of(kind) is None] == []
    assert [kind for kind in RELATED.values() if model_of(kind) is None] == []
