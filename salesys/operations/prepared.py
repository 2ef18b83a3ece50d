"""What the demo was prepared for last, so that an unchanged one starts without asking Django, which takes seconds."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn

from salesys.embedded.places import EMBEDDED

ROOT = Path(__file__).resolve().parents[2]
STATE = """
SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)),
       (SELECT string_agg(digest, ',' ORDER BY id) FROM pipeline_importbatch)
FROM django_migrations
"""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Equal ones need nothing done; those that differ in the day alone need only what a new day asks for."""

    code: str
    asked: str
    database: str
    day: str

    def is_for_another_day(self, other: Preparation | None) -> bool:
        """Whether the day is all in which they differ."""
        return other is not None and self != other and replace(self, day=other.day) == other


def present(asked: str) -> Preparation:
    """How things stand: the code, what is asked for now, the database, the day; 1 SQL statement."""
    return Preparation(state_of_code(), asked, state_of_database(), datetime.now(UTC).date().isoformat())


def noted(path: Path) -> Preparation | None:
    """What was written at the end of the last preparation; None when there was none."""
    return Preparation(**json.loads(path.read_text())) if path.exists() else None


def note(path: Path, preparation: Preparation) -> None:
    """Remember it for the next start, whole or not at all."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(asdict(preparation)))
    aside.replace(path)


def state_of_code() -> str:
    """The hash of all that decides on the schema and on the collected static files."""
    digest = hashlib.sha256(str(ROOT).encode(errors="surrogateescape"))
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        status = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    collected = Path(os.environ.get("STATIC_ROOT") or ROOT / "staticfiles") / ".made-from"
    digest.update(collected.read_bytes() if collected.exists() else b"nothing collected")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield ROOT / "requirements" / "runtime.txt"
    yield ROOT / "salesys" / "apps.py"
    yield from sorted(ROOT.glob("*/migrations/*.py"))


def state_of_database() -> str:
    """Which migrations were applied and which data were loaded; empty when the database does not say."""
    try:
        connection = psycopg2.connect(address())
        try:
            with connection.cursor() as cursor:
                cursor.execute(STATE)
                return " ".join(str(value) for value in cursor.fetchone() or ())
        finally:
            connection.close()
    except psycopg2.Error:
        return ""


def address() -> str:
    """Where the database is, as the driver wants it."""
    known = EMBEDDED.database()
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}  # nosec B105
    return os.environ.get("DATABASE_URL") or make_dsn(**{name: known[key] for name, key in parts.items()})
