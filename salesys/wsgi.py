"""WSGI entry point of the web processes."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesys.settings")
django.setup(set_prefix=False)

from salesys.web.requests import ReadableHandler  # noqa: E402 (its modules need the settings)

application = ReadableHandler()
