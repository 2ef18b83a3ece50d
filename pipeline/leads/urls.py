"""URLs of imports."""

from __future__ import annotations

from django.urls import URLPattern, path

from pipeline.leads import views

urlpatterns: list[URLPattern] = [
    path("imports/issues/", views.issue_list, name="issue_list"),
    path("imports/issues/<int:pk>/", views.issue, name="issue"),
    path("imports/issues/<int:pk>/repair/", views.issue_repair, name="issue_repair"),
    path("imports/issues/<int:pk>/dismiss/", views.issue_dismiss, name="issue_dismiss"),
]
