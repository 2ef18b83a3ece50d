"""`manage.py prepare_demo`: schema, static files and data, for `make demo`; repeated, it does only what is missing."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from salesys.demo.logins import demo_logins
from salesys.operations.static_files import collect_if_changed


class Command(BaseCommand):
    """Bring an installation to the state that the demo starts from."""

    help = "Migrate, collect the static files, load the demo's data where there are none."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to load, and where to write the sign-ins."""
        parser.add_argument("--data", default="")
        parser.add_argument("--size", type=float, default=1.0)
        parser.add_argument("--language", choices=["en", "ru"], default="en")
        parser.add_argument("--logins", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step and tell."""
        with ThreadPoolExecutor(1) as beside:
            # Compressing static files keeps a core busy and needs no database.
            collected = beside.submit(collect_if_changed, Path(settings.STATIC_ROOT))
            with self.step("Preparing the database"):
                call_command("migrate", verbosity=0, interactive=False)
            data = options["data"] or None
            call_command("load_demo", data=data, size=options["size"], language=options["language"], stdout=self.stdout)
            with self.step("Collecting the static files"):
                collected.result()
        options["logins"].touch(mode=0o600)
        options["logins"].write_text(json.dumps([asdict(login) for login in demo_logins()]), encoding="utf-8")

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is being done, and how long it took."""
        self.stdout.write(f"{what} ... ", ending="")
        self.stdout.flush()
        begin = time.monotonic()
        yield
        self.stdout.write(f"{time.monotonic() - begin:.1f} s")
