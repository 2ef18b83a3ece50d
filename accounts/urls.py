"""URLs of the `accounts` street, gathered from its houses."""

from __future__ import annotations

from django.urls import include, path

app_name = "accounts"

urlpatterns = [
    path("", include("accounts.people.urls")),
    path("", include("accounts.structure.urls")),
    path("", include("accounts.access.urls")),
    path("", include("accounts.setup.urls")),
]
