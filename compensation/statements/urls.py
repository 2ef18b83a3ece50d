"""Addresses of statements."""

from __future__ import annotations

from django.urls import path

from compensation.statements import parts, views

urlpatterns = [
    path("statement/", views.my_statement, name="my_statement"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/<int:payee_id>/", views.statement, name="statement"),
    path("statements/<int:payee_id>/credits/<int:component_id>/", views.statement_credits, name="statement_credits"),
    path("statements/<int:payee_id>/payments/<int:payment_id>/", views.credit, name="credit"),
    path("payments/<int:pk>/pay/", parts.payment_part, name="payment_part"),
]
