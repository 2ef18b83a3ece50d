"""URLs of the `planning` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "planning"

urlpatterns: list[URLPattern | URLResolver] = []
