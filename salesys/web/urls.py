"""Home, search, preferences and what browsers ask for."""

from __future__ import annotations

from django.urls import path

from salesys.web import navigation, views

__all__ = ["navigation", "urlpatterns"]

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="palette"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/language/", views.language, name="language"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("offline.js", views.offline_worker, name="offline_worker"),
]
