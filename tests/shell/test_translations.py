"""Both languages are whole: every marked text has its translation, with the same placeholders in every form."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from salesys.shell import translations
from salesys.shell.translations import collect, read_catalogue, untranslated

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdr]|%\.\d+f")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return collect()


@pytest.fixture(scope="module")
def russian() -> Catalog:
    return read_catalogue("ru")


def forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_every_text_is_in_the_catalogue(template: Catalog, russian: Catalog) -> None:
    missing = [message.id for message in messages(template) if russian.get(message.id, message.context) is None]

    assert missing == [], "Run python -m salesys.shell.translations and translate what it adds"


def test_every_name_that_marks_a_text_is_one_that_is_collected() -> None:
    """A text that is marked under another name is shown in English whatever the catalogue says."""
    marks = re.compile(r"n?p?gettext(_lazy|_noop)?")
    others = [
        f"{path.relative_to(translations.ROOT)}: {name.name} as {name.asname}"
        for path in translations.sources()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if marks.fullmatch(name.name) and (name.asname or name.name) not in translations.KEYWORDS
    ]

    assert others == [], "Import it under its own name or as _"


def test_every_text_is_translated(russian: Catalog) -> None:
    assert untranslated(russian) == []


def test_no_translation_is_left_of_a_text_that_is_gone(template: Catalog, russian: Catalog) -> None:
    assert [message.id for message in messages(russian) if template.get(message.id, message.context) is None] == []


def test_placeholders_are_the_same(russian: Catalog) -> None:
    wrong = [
        (message.id, form)
        for message in messages(russian)
        for form in forms(message.string)
        if sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]

    assert wrong == []


def test_plurals_have_three_forms(russian: Catalog) -> None:
    assert {len(forms(message.string)) for message in messages(russian) if isinstance(message.id, (list, tuple))} == {3}


def test_source_texts_are_english(template: Catalog) -> None:
    assert [message.id for message in messages(template) if any(CYRILLIC.search(form) for form in forms(message.id))] == []


def test_update_adds_new_texts_and_drops_those_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    old, new = Catalog(), Catalog()
    old.add("Gone")
    old.add(("%(n)s row", "%(n)s rows"))
    new.add(("%(n)s row", "%(n)s rows"))
    new.add("New")

    translations.update("ru", old)
    first = translations.update("ru", new)
    before = translations.catalogue_path("ru").read_bytes()
    translations.update("ru", new)

    assert untranslated(first) == ["('%(n)s row', '%(n)s rows')", "New"]
    assert [message.id for message in messages(first)] == [("%(n)s row", "%(n)s rows"), "New"]
    assert translations.catalogue_path("ru").read_bytes() == before


def test_command_counts_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    monkeypatch.setattr(translations, "FOLDERS", ("salesys/shell",))
    (tmp_path / "ru").mkdir()

    assert translations.main() == 0
    assert "without translation" in capsys.readouterr().out
