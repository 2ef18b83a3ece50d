"""`/api/v1/`: the resources of every street, their description, and a problem for every other address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from salesys.api import views
from salesys.api.routes import ROUTES

app_name = "api"

router = SimpleRouter(use_regex_path=False)
for prefix, viewset, basename in ROUTES:
    router.register(prefix, viewset, basename)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.RootView.as_view(), name="root"),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", views.swagger, name="docs"),
    *router.urls,
    re_path(r"^.+$", views.NothingHere.as_view(), name="nothing"),
]
