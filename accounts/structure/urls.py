"""The structure, departments, directions."""

from __future__ import annotations

from django.urls import path

from accounts.structure import views

urlpatterns = [
    path("structure/", views.structure, name="structure"),
    path("structure/departments/new/", views.department_new, name="department_new"),
    path("structure/departments/<int:pk>/", views.department, name="department"),
    path("structure/directions/new/", views.direction_new, name="direction_new"),
    path("structure/directions/<int:pk>/", views.direction, name="direction"),
]
