"""Fills an empty installation with a department to look at."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from salesys.demo.loading import load_demo, setting_of_today
from salesys.kernel.errors import SalesysError


def usual_language() -> str:
    """Russian where the machine or the settings speak it, else English."""
    spoken = os.environ.get("SALESYS_LANGUAGE") or os.environ.get("LANG") or settings.LANGUAGE_CODE
    return "ru" if spoken.lower().startswith("ru") else "en"


class Command(BaseCommand):
    help = "Load a made-up department, or the sales files of a folder with what they lack; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=float, default=1.0, help="1 is some 60 people and 3,000 companies")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another department")
        parser.add_argument("--data", type=Path, default=None, help="folder of CSV files to load instead")
        parser.add_argument("--language", choices=["en", "ru"], default=usual_language())

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            setting = setting_of_today(options["seed"], options["size"], options["language"])
            folder = Path(options["data"]) if options["data"] else None
            load_demo(setting=setting, folder=folder, say=self.stdout.write)
        except SalesysError as error:
            faults = "\n".join(f"  {issue}" for issue in error.issues)
            raise CommandError(_("The demo was not loaded:\n%s") % faults) from None
        self.stdout.write(_("The demo is ready in %.1f s.") % (time.monotonic() - began))
