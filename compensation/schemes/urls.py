"""Addresses of schemes."""

from __future__ import annotations

from django.urls import path

from compensation.schemes import views

urlpatterns = [
    path("schemes/", views.scheme_list, name="scheme_list"),
    path("schemes/new/", views.scheme_new, name="scheme_new"),
    path("schemes/<int:pk>/", views.scheme, name="scheme"),
    path("schemes/<int:pk>/edit/", views.scheme_edit, name="scheme_edit"),
    path("schemes/<int:pk>/assign/", views.scheme_assign, name="scheme_assign"),
]
