"""Addresses of pay periods and runs."""

from __future__ import annotations

from django.urls import path

from compensation.payroll import pools, views

urlpatterns = [
    path("pay-periods/", views.period_list, name="period_list"),
    path("pay-periods/run/", views.run_request, name="run_request"),
    path("pay-periods/<int:pk>/", views.period, name="period"),
    path("pay-periods/<int:pk>/approve/", views.period_approve, name="period_approve"),
    path("pay-periods/<int:pk>/reopen/", views.period_reopen, name="period_reopen"),
    path("pay-periods/<int:pk>/close/", views.period_close, name="period_close"),
    path("uncredited-payments/<int:pk>/accept/", views.uncredited_accept, name="uncredited_accept"),
    path("uncomputed-earnings/<int:pk>/accept/", views.uncomputed_accept, name="uncomputed_accept"),
    path("pools/<int:department_pk>/", pools.pool, name="pool"),
    path("runs/", views.run_list, name="run_list"),
]
