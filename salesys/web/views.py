"""Home, search, preferences."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.people.models import User
from accounts.roles import Role
from salesys.db.organisation import organisation
from salesys.db.replicas import report_view
from salesys.db.scope import viewer_for
from salesys.shell.pages import render_page
from salesys.shell.preferences import THEME_COOKIE
from salesys.web.home import page_for
from salesys.web.search import find
from salesys.web.services import ALLOWED, change_preference

COOKIE_SECONDS = 365 * 24 * 3600


@require_GET
@report_view
def home(request: HttpRequest) -> HttpResponse:
    """The start page of the viewer's role."""
    viewer = viewer_for(request.user)
    if viewer.role == Role.ADMINISTRATOR and organisation().set_up_at is None:
        return redirect("accounts:setup")
    page = page_for(viewer)
    return render_page(request, page.template, page.context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything that matches and that the viewer may see, by kind."""
    query = request.GET.get("q", "").strip()
    context = {"query": query, "groups": find(viewer_for(request.user), query, limit=25)}
    return render_page(request, "web/search.html", context, partial="web/_search_results.html")


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """The first matches of each kind, as options of the command palette."""
    query = request.GET.get("q", "").strip()
    return render(request, "web/_palette.html", {"query": query, "groups": find(viewer_for(request.user), query, limit=5)})


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Change theme, language or single keys and go back to where the person was."""
    name = next((name for name in ALLOWED if name in request.POST), "")
    value = request.POST.get(name, "")
    change_preference(actor=cast("User", request.user), name=name, value=value)
    return _back(request, {"theme": THEME_COOKIE, "language": settings.LANGUAGE_COOKIE_NAME}.get(name, ""), value)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language before anybody is signed in; kept in the browser."""
    value = request.POST.get("language", "")
    return _back(request, settings.LANGUAGE_COOKIE_NAME if value in ALLOWED["language"] else "", value)


def _back(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    """To the page that the form names, when it is one of ours; with a cookie for pages before the sign-in."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(asked if is_ours else reverse("home"))
    if cookie:
        response.set_cookie(cookie, value, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets a phone keep the product on its start screen."""
    icon = {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    content = {
        "name": "salesys",
        "short_name": "salesys",
        "start_url": reverse("home"),
        "display": "standalone",
        "background_color": "#f7f7f5",
        "theme_color": "#2f5fd0",
        "icons": [icon],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown when the server cannot be reached."""
    return render(request, "errors/offline.html")


@login_not_required
@require_GET
def offline_worker(request: HttpRequest) -> HttpResponse:
    """What browsers run beside the pages to show the page above; a worker reaches as far as the folder that it comes from."""
    return render(request, "web/offline.js", content_type="text/javascript")
