"""Loads the sales data of another CRM from a folder of CSV files."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from salesys.intake.report import lines_of
from salesys.intake.services import import_sales_data
from salesys.kernel.errors import InvalidInput


def day(text: str) -> date:
    """A date as the command line takes it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2200:
        raise ArgumentTypeError(_("%r is not a date. Write it like 2026-11-22.") % text)
    return found


class Command(BaseCommand):
    help = "Load accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv from a folder; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the four files lie")
        parser.add_argument(
            "--newest-on", type=day, help="shift all dates by whole weeks: the newest falls in the week of this date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            outcome = import_sales_data(actor=None, folder=options["folder"], newest_on=options["newest_on"])
        except InvalidInput as error:
            faults = "\n".join(f"  {issue}" for issue in error.issues)
            raise CommandError(_("Nothing was loaded:\n%s") % faults) from None
        for line in lines_of(outcome, asked_for=options["newest_on"]):
            self.stdout.write(line)
        self.stdout.write(_("Done in %.1f s.") % (time.monotonic() - began))
