"""Pages that machines read: open to them without a session, saying nothing about people or clients."""

from __future__ import annotations

import hmac
from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from salesys.operations import health, metrics

LOOPBACK = {"127.0.0.1", "::1"}


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """This process answers; says nothing about anything else, so that it is not killed for a database's fault."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the installation can serve, 503 when it cannot, with each check's finding."""
    findings = health.examine()
    well = all(finding.is_well for finding in findings)
    answer = {
        "status": "ready" if well else "not ready",
        "checks": [asdict(finding) for finding in findings],
        "replicas": [asdict(finding) for finding in health.examine_replicas()],
    }
    return JsonResponse(answer, status=200 if well else 503)


@login_not_required
@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Metrics, for whoever has the token, or for this machine where no token is set; absent for anyone else."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether the request carries the token; without a token, whether it comes from here and through no proxy."""
    if settings.METRICS_TOKEN:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers
