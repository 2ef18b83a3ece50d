"""The set-up."""

from __future__ import annotations

from django.urls import path

from accounts.setup import views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("setup/regional/", views.regional, name="setup_regional"),
    path("setup/calendar/", views.calendar, name="setup_calendar"),
    path("setup/departments/", views.departments, name="setup_departments"),
    path("setup/directions/", views.directions, name="setup_directions"),
    path("setup/people/", views.people, name="setup_people"),
    path("setup/finish/", views.finish, name="setup_finish"),
]
