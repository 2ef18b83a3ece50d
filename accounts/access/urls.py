"""The audit trail, tokens, opened contacts."""

from __future__ import annotations

from django.urls import path

from accounts.access import budget_views, views

urlpatterns = [
    path("audit/", views.audit_trail, name="audit"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("contacts-opened/", views.reveals, name="reveals"),
    path("contacts-opened/budgets/", budget_views.budgets, name="budgets"),
    path("contacts-opened/budgets/roles/<slug:role>/", budget_views.role_budget, name="role_budget"),
    path("contacts-opened/budgets/people/<int:pk>/", budget_views.personal_budget, name="personal_budget"),
    path("contacts-opened/budgets/people/<int:pk>/remove/", budget_views.personal_budget_remove, name="personal_budget_remove"),
]
