"""Pages that belong to some roles only; for everyone else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.roles import Role
from salesys.db.scope import viewer_for

View = Callable[..., HttpResponseBase]


def has_role(user: object, *roles: Role) -> bool:
    """Whether the user's role today is one of `roles`."""
    return viewer_for(user).role in roles


def roles_allowed(*roles: Role) -> Callable[[View], View]:
    """Let only users with one of these roles into the view; the others get 404, as for a page that is not there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not has_role(request.user, *roles):
                raise Http404
            return view(request, *args, **kwargs)

        gated.roles_allowed = frozenset(roles)  # type: ignore[attr-defined]
        return gated

    return decorate
