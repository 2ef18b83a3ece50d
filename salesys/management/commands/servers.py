"""`manage.py servers start|stop|status`: the embedded PostgreSQL and Valkey."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from salesys.embedded import servers


class Command(BaseCommand):
    """Start, stop or look at the embedded servers."""

    help = "Start, stop or look at the embedded PostgreSQL and Valkey."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word, and whether to stop what others use."""
        parser.add_argument("action", choices=["start", "stop", "status"])
        parser.add_argument("--even-if-used", action="store_true", help="stop although another process uses them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how things stand."""
        if options["action"] == "start":
            servers.start()
        if options["action"] == "stop" and not servers.stop(even_if_used=options["even_if_used"]):
            raise CommandError("Another process uses the servers; they go on running.")
        for name, runs in servers.status().items():
            self.stdout.write(f"{name}: {'running' if runs else 'stopped'}")
