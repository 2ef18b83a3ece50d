"""URLs of the `pipeline` street, gathered from its houses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "pipeline"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pipeline.overview.urls")),
    path("", include("pipeline.clients.urls")),
    path("", include("pipeline.tasks.urls")),
    path("", include("pipeline.deals.urls")),
    path("", include("pipeline.calling.urls")),
    path("", include("pipeline.leads.urls")),
    path("", include("pipeline.money.urls")),
]
