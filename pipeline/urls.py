"""URLs of the `pipeline` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "pipeline"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pipeline.leads.urls")),
    path("", include("pipeline.money.urls")),
]
