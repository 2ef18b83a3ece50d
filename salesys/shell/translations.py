"""Collects every text that is marked for translation: `python -m salesys.shell.translations` brings the catalogues up to date.

Django's own command needs the system's gettext, which a fresh machine lacks; Babel reads Python, and templates after
Django has turned them into something that looks like Python.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
FOLDERS = ("salesys", "accounts", "pipeline", "planning", "compensation", "vip", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CHANGING = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Report-Msgid',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Generated-By',
)
Message = str | tuple[str, ...]
Found = tuple[Message, str | None, str, int]


def sources() -> Iterator[Path]:
    """Every file that may hold a text, in the same order on every machine."""
    for folder in FOLDERS:
        files = (ROOT / folder).rglob("*")
        yield from sorted(path for path in files if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts)


def texts_of(path: Path) -> Iterable[Found]:
    """The marked texts of one file: message, context, file and line."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Indentation means nothing in a template, but would in Python
        content = "\n".join(line.lstrip() for line in templatize(content, origin=str(path)).split("\n"))
    found = extract("python", io.BytesIO(content.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for line, message, _comments, context in found:
        yield message, context, str(path.relative_to(ROOT)), line


def collect() -> Catalog:
    """Every marked text of the product."""
    catalogue = Catalog(project="salesys", charset="utf-8")
    for path in sources():
        for message, context, name, line in texts_of(path):
            catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def read_catalogue(language: str) -> Catalog:
    """The translations that there are."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="salesys", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update(language: str, template: Catalog) -> Catalog:
    """Add new texts to a catalogue, drop those that are gone, guess nothing; returns it."""
    catalogue = read_catalogue(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write_catalogue(language, catalogue)
    return catalogue


def write_catalogue(language: str, catalogue: Catalog) -> None:
    """Write a catalogue sorted and without what changes with every run, so that a difference is a difference of texts."""
    catalogue.fuzzy, catalogue.header_comment = False, f"# Texts of salesys, {language}."
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, no_location=True, sort_output=True)
    lines = buffer.getvalue().split(b"\n")
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(line for line in lines if not line.startswith(CHANGING)))


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts without a translation, or with one that somebody should look at again."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not all(_forms(message.string)))]


def _forms(string: str | Iterable[str | None] | None) -> tuple[str | None, ...]:
    return (string,) if string is None or isinstance(string, str) else tuple(string)


def main() -> int:
    """Command line entry: bring every catalogue up to date and count what is missing."""
    settings.configure() if not settings.configured else None
    template = collect()
    languages = sorted(path.name for path in LOCALE.iterdir()) if LOCALE.exists() else []
    for language in languages:
        missing = untranslated(update(language, template))
        sys.stdout.write(f"{language}: {len(template)} texts, {len(missing)} without translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
