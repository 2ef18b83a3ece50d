"""URLs of the `pipeline` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "pipeline"

urlpatterns: list[URLPattern | URLResolver] = []
