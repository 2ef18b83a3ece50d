"""Deals."""

from __future__ import annotations

from django.urls import path

from pipeline.deals import views

urlpatterns = [
    path("deals/", views.deal_board, name="deal_board"),
    path("deals/new/", views.deal_new, name="deal_new"),
    path("deals/new/companies/", views.deal_companies, name="deal_companies"),
    path("deals/<int:pk>/edit/", views.deal_edit, name="deal_edit"),
    path("deals/<int:pk>/move/", views.deal_move, name="deal_move"),
    path("deals/<int:pk>/undo/", views.deal_undo, name="deal_undo"),
    path("deals/<int:pk>/lose/", views.deal_lose, name="deal_lose"),
    path("deals/<int:pk>/give/", views.deal_give, name="deal_give"),
]
