"""Copies the few third-party files that pages use to `static/vendor`: `python -m salesys.shell.vendor`.

Named files only: pointing the static finder at `node_modules` takes minutes and breaks on missing source maps.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

from salesys.shell.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"

FROM_NPM = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
    "sortablejs/Sortable.min.js": "sortable.min.js",
    "@fontsource-variable/inter/files/inter-cyrillic-ext-wght-normal.woff2": "inter-cyrillic-ext.woff2",
    "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2": "inter-cyrillic.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
}
FROM_DJANGO_HTMX = {"htmx-2.min.js": "htmx.min.js"}

# A source map that is named but not served makes the hashed static storage refuse the file.
SOURCE_MAP = re.compile(rb"(?:/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
DRAWING = re.compile(r"<path stroke=\"none\"[^>]*/>\s*")
BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class MissingPackage(SystemExit):
    """A package that a vendored file comes from is not installed; says what to run."""


def read_source(path: Path) -> bytes:
    """The bytes of one third-party file without its source map comment."""
    if not path.is_file():
        raise MissingPackage(f"{path} is missing. Run `npm ci` in {ROOT} first.")
    content = path.read_bytes()
    return SOURCE_MAP.sub(b"", content) if path.suffix in {".css", ".js"} else content


def symbol(name: str) -> str:
    """One icon as a `<symbol>` with the id that `{% icon %}` refers to."""
    drawing = read_source(MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").decode()
    found = BODY.search(drawing)
    if found is None:
        raise MissingPackage(f"The icon {name} of @tabler/icons is not a drawing that can be read.")
    paths = " ".join(DRAWING.sub("", found.group(1)).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>'


def sprite(names: tuple[str, ...] = ICONS) -> str:
    """All icons in one file, sorted, so that the same names give the same bytes."""
    symbols = "\n".join(symbol(name) for name in sorted(set(names)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def htmx_folder() -> Path:
    """Where django-htmx keeps the htmx that it was tested with."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise MissingPackage("django-htmx is not installed. Install the locked requirements first.")
    return Path(spec.origin).parent / "static" / "django_htmx"


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write only a difference, so that file times stay and a second run does nothing."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.write_bytes(content)
    return True


def copy_all(target: Path = TARGET) -> int:
    """Copy every named file and the sprite; returns how many changed."""
    target.mkdir(parents=True, exist_ok=True)
    sources = {MODULES / source: name for source, name in FROM_NPM.items()}
    sources |= {htmx_folder() / source: name for source, name in FROM_DJANGO_HTMX.items()}
    contents = {name: read_source(path) for path, name in sources.items()}
    contents["icons.svg"] = sprite().encode()
    return sum(write_if_changed(target / name, content) for name, content in contents.items())


def main() -> int:
    """Command line entry: copy and say what happened."""
    changed = copy_all()
    sys.stdout.write(f"static/vendor: {changed} files written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
