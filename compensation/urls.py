"""URLs of the `compensation` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "compensation"

urlpatterns: list[URLPattern | URLResolver] = []
