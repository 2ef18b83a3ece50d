"""Every URL of the product; each street defines its own prefixes."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("salesys.operations.urls")),
    path("", include("salesys.web.urls")),
    path("api/v1/", include("salesys.api.urls")),
    path("", include("accounts.urls")),
    path("", include("pipeline.urls")),
    path("", include("planning.urls")),
    path("", include("compensation.urls")),
    path("", include("vip.urls")),
    path("account/", include("accounts.people.sign_in_urls")),
]

handler400 = "salesys.web.errors.bad_request"
handler403 = "salesys.web.errors.forbidden"
handler404 = "salesys.web.errors.not_found"
handler500 = "salesys.web.errors.server_error"
