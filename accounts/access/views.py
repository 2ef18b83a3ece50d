"""The audit trail, tokens of integrations, opened contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access.actions import GROUPS, SYSTEM_GROUPS
from accounts.access.budgets import BUDGET_KEEPERS
from accounts.access.forms import AuditFilter, TokenForm
from accounts.access.gate import has_role, roles_allowed
from accounts.access.models import ApiToken, AuditEvent, BudgetNotice
from accounts.access.queries import reveal_usage
from accounts.access.tokens import issue_token, revoke_token
from accounts.access.trail import shown_events
from accounts.access.wording import kind_label
from accounts.people.models import Employee, User
from accounts.roles import HEAD_ROLES, TOP_ROLES, Role
from salesys.db import clock
from salesys.db.replicas import report_view
from salesys.db.scope import viewer_for
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page

PER_PAGE = 50
MOST_PEOPLE = 200
LOOKUPS = {"action": "action", "kind": "object_type", "number": "object_id", "since": "at__date__gte", "until": "at__date__lte"}


@require_GET
@roles_allowed(*TOP_ROLES, Role.ADMINISTRATOR)
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first, by key; the administrator sees people, access and settings only."""
    form = AuditFilter(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    rows: Any = AuditEvent.objects.visible_to(request.user).filter(_narrowed(request, asked))
    found = list(rows.select_related("actor").order_by("-pk")[: PER_PAGE + 1])
    is_system = viewer_for(request.user).reach("audit") == "system"
    context = {
        "asked": asked,
        "events": shown_events(request.user, found[:PER_PAGE]),
        "groups": [(label, list(labels.items())) for label, labels in (SYSTEM_GROUPS if is_system else GROUPS)],
        "row_label": kind_label(asked["kind"]) if "kind" in asked else "",
        "next_before": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "filters": urlencode({name: request.GET[name] for name in asked if name != "before"}),
    }
    return render_page(request, "accounts/access/audit.html", context, partial="accounts/access/_audit.html")


def _narrowed(request: HttpRequest, asked: dict[str, Any]) -> Q:
    wanted = Q(**{lookup: asked[name] for name, lookup in LOOKUPS.items() if name in asked})
    if "before" in asked:
        wanted &= Q(pk__lt=asked["before"])
    if "q" in asked:
        wanted &= Q(actor__in=_users(request, asked["q"]))
    return wanted


def _users(request: HttpRequest, text: str) -> list[int]:
    """Whose name contains the text, or whose address begins with it."""
    people: Any = Employee.objects.visible_to(request.user).filter(full_name__icontains=text, user__isnull=False)
    by_address = User.objects.filter(email__startswith=text.lower()).values_list("pk", flat=True)
    return [*people.values_list("user_id", flat=True)[:MOST_PEOPLE], *by_address[:MOST_PEOPLE]]


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens that the viewer sees; a new one shows its secret once, on this answer only."""
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        user = cast("User", request.user)
        end = clock.now() + timedelta(days=form.cleaned_data["days"])
        try:
            issued = issue_token(
                actor=user, user=user, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], expires_at=end
            )
            form = TokenForm()
        except InvalidInput as error:
            add_issues(form, error)
    rows: Any = ApiToken.objects.visible_to(request.user).select_related("user").order_by("-created_at")
    context = {"form": form, "issued": issued, "tokens": list(rows[:200]), "now": clock.now()}
    return render_page(request, "accounts/access/tokens.html", context, status=400 if form.errors else 200)


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a token from now on."""
    token: Any = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    revoke_token(actor=cast("User", request.user), token=token)
    return redirect("accounts:tokens")


@require_GET
@roles_allowed(*HEAD_ROLES)
@report_view
def reveals(request: HttpRequest) -> HttpResponse:
    """Who opens how many contacts, and who has come near the budget."""
    people: Any = Employee.objects.visible_to(request.user)
    notices: Any = BudgetNotice.objects.visible_to(request.user).select_related("user__employee")
    context = {
        "usage": reveal_usage(list(people), clock.today()),
        "notices": list(notices[:30]),
        "may_set": has_role(request.user, *BUDGET_KEEPERS),
    }
    return render_page(request, "accounts/access/reveals.html", context)
