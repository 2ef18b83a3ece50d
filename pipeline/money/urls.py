"""URLs of money."""

from __future__ import annotations

from django.urls import URLPattern, path

from pipeline.money import contract_views, file_views, views

urlpatterns: list[URLPattern] = [
    path("payments/", views.payment_list, name="payment_list"),
    path("payments/new/", views.payment_new, name="payment_new"),
    path("payments/<int:pk>/", views.payment, name="payment"),
    path("payments/<int:pk>/refund/", views.payment_refund, name="payment_refund"),
    path("payments/files/", file_views.payment_files, name="payment_files"),
    path("payments/files/<int:pk>/", file_views.payment_file, name="payment_file"),
    path("payments/files/<int:pk>/load/", file_views.payment_file_load, name="payment_file_load"),
    path("payments/files/<int:pk>/errors.csv", file_views.payment_file_errors, name="payment_file_errors"),
    path("contracts/", contract_views.contract_list, name="contract_list"),
    path("contracts/<int:pk>/", contract_views.contract, name="contract"),
    path("contracts/options/", contract_views.contract_options, name="contract_options"),
    path("contracts/<int:pk>/cost/", contract_views.contract_cost, name="contract_cost"),
    path("contracts/sign/<int:deal>/", contract_views.contract_sign, name="contract_sign"),
    path("receivables/", contract_views.receivables, name="receivables"),
]
