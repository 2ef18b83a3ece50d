"""URLs of the `compensation` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "compensation"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("compensation.statements.urls")),
    path("", include("compensation.payroll.urls")),
    path("", include("compensation.schemes.urls")),
]
