"""URLs that machines ask: health and metrics."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from salesys.operations import views

app_name = "operations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.prometheus, name="metrics"),
]
