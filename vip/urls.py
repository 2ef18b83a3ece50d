"""URLs of the `vip` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "vip"

urlpatterns: list[URLPattern | URLResolver] = []
