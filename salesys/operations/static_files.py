"""Collecting the static files only when one of them has changed: hashing and compressing them takes its time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed(folder: Path) -> bool:
    """Collect when a static file differs from those that `folder` was made from; whether it was done."""
    stamp, wanted = folder / ".made-from", fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)
    return True


def fingerprint() -> str:
    """Name, size and time of every static file, as one hash."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}\n".encode())
    return digest.hexdigest()
