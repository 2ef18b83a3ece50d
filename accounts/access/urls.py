"""The audit trail, tokens, opened contacts."""

from __future__ import annotations

from django.urls import path

from accounts.access import views

urlpatterns = [
    path("audit/", views.audit_trail, name="audit"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("contacts-opened/", views.reveals, name="reveals"),
]
