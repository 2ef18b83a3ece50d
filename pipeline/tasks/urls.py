"""Tasks."""

from __future__ import annotations

from django.urls import path

from pipeline.tasks import views

urlpatterns = [
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/new/", views.task_new, name="task_new"),
    path("tasks/research/", views.research_next, name="research_next"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/start/", views.task_start, name="task_start"),
    path("tasks/<int:pk>/finish/", views.task_finish, name="task_finish"),
    path("tasks/<int:pk>/reopen/", views.task_reopen, name="task_reopen"),
    path("tasks/<int:pk>/cancel/", views.task_cancel, name="task_cancel"),
    path("tasks/<int:pk>/reassign/", views.task_reassign, name="task_reassign"),
]
