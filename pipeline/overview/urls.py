"""Looking at companies and calls."""

from __future__ import annotations

from django.urls import path

from pipeline.overview import deal_views, views

urlpatterns = [
    path("companies/", views.company_list, name="company_list"),
    path("companies/<int:pk>/", views.company, name="company"),
    path("deals/<int:pk>/", deal_views.deal, name="deal"),
    path("contacts/<int:pk>/open/", views.contact_open, name="contact_open"),
    path("calls/log/", views.call_log, name="call_log"),
]
