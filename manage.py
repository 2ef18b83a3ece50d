#!/usr/bin/env python
"""Django's command line; starts the embedded servers first when no others are named."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from salesys.embedded.places import ServerFailed
from salesys.embedded.servers import start_if_needed

WITHOUT_SERVERS = {"servers", "help", "version", "makemessages", "compilemessages", "collectstatic", "startapp"}


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesys.settings")
    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS:
        try:
            start_if_needed()
        except ServerFailed as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
