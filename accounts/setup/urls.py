"""The set-up."""

from __future__ import annotations

from django.urls import path

from accounts.setup import views

urlpatterns = [path("setup/", views.setup, name="setup"), path("setup/finish/", views.finish, name="setup_finish")]
