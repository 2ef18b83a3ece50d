"""Writing companies, contacts and holders."""

from __future__ import annotations

from django.urls import path

from pipeline.clients import views

urlpatterns = [
    path("companies/new/", views.company_new, name="company_new"),
    path("companies/<int:pk>/edit/", views.company_edit, name="company_edit"),
    path("companies/<int:pk>/hand-over/", views.company_hand_over, name="company_hand_over"),
    path("companies/<int:pk>/contacts/new/", views.contact_new, name="contact_new"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("employees/<int:employee_id>/clients/hand-over/", views.clients_hand_over, name="clients_hand_over"),
    path("drafts/<slug:key>/", views.draft, name="draft"),
]
