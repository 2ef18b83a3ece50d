"""The cockpit, call lists, and calls to one's own clients."""

from __future__ import annotations

from django.urls import path

from pipeline.calling import list_views, views

urlpatterns = [
    path("calls/", views.cockpit, name="cockpit"),
    path("calls/<int:entry_id>/log/", views.log, name="cockpit_log"),
    path("calls/<int:entry_id>/skip/", views.skip, name="cockpit_skip"),
    path("calls/undo/", views.undo, name="cockpit_undo"),
    path("calls/take-back/", list_views.call_undo, name="call_undo"),
    path("companies/<int:pk>/call/", list_views.company_call, name="company_call"),
    path("call-lists/", list_views.call_lists, name="call_lists"),
    path("call-lists/new/", list_views.call_list_new, name="call_list_new"),
    path("call-lists/<int:pk>/", list_views.call_list, name="call_list"),
    path("call-lists/<int:pk>/edit/", list_views.call_list_edit, name="call_list_edit"),
    path("call-lists/<int:pk>/fill/", list_views.call_list_fill, name="call_list_fill"),
]
