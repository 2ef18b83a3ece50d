"""Compiles the translations with Babel: `python -m salesys.operations.messages`.

Django's own command needs the system's gettext, which a fresh machine lacks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_catalogue(source: Path) -> bool:
    """Write the compiled catalogue beside its source when the source is newer; whether it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, abort_invalid=True)
    aside = target.with_suffix(".new")
    with aside.open("wb") as file:
        write_mo(file, catalogue)
    aside.replace(target)
    return True


def compile_all(folder: Path = LOCALE) -> int:
    """Compile each catalogue that changed; how many were written."""
    return sum(compile_catalogue(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")))


def main() -> None:
    """Command line entry: compile and say what happened."""
    sys.stdout.write(f"locale: {compile_all()} catalogues compiled\n")


if __name__ == "__main__":
    main()
