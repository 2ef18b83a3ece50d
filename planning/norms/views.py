"""Norms in force, and new ones from a date on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access.gate import roles_allowed
from accounts.roles import Role
from planning.norms.forms import NormForm
from planning.norms.models import ACTIVITY_NAMES, Norm
from planning.norms.queries import lead_days, norms_on
from planning.norms.services import NormInput, set_norm
from planning.policies import PLAN_ROLES, can_set_norm
from salesys.db import clock
from salesys.kernel.errors import InvalidInput
from salesys.shell.forms import add_issues
from salesys.shell.pages import render_page


@require_http_methods(["GET", "POST"])
@roles_allowed(*PLAN_ROLES, Role.MARKETER)
def norms(request: HttpRequest) -> HttpResponse:
    """What each role is able to do in a day, and since when."""
    may_set = can_set_norm(request.user)
    if request.method == "POST" and not may_set:
        raise Http404
    form = NormForm(request.POST or None, initial={"from_on": clock.today(), "availability": "0.85"})
    if request.method == "POST" and form.is_valid():
        try:
            values = dict(form.cleaned_data)
            from_on = values.pop("from_on")
            set_norm(actor=request.user, norm=NormInput(**values), from_on=from_on)  # type: ignore[arg-type]
        except InvalidInput as error:
            add_issues(form, error)
        else:
            messages.success(request, _("The norm holds from that day on."))
            return redirect("planning:norms")
    context = {
        "rows": _rows(),
        "history": Norm.objects.visible_to(request.user).order_by("-valid", "role", "-activity")[:50],
        "leads": [(Role(role).label, days) for role, days in lead_days().items()],
        "can_set": may_set,
        "form": form,
    }
    return render_page(request, "planning/norms/norms.html", context, status=400 if form.errors else 200)


def _rows() -> list[tuple[object, ...]]:
    known = sorted(norms_on(clock.today()).items(), key=lambda item: (item[0][0], -item[0][1]))
    return [(Role(role).label, ACTIVITY_NAMES[activity], norm) for (role, activity), norm in known]
