"""Who asks: an integration by its token, or a person who is signed in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access.models import ApiToken
from accounts.access.tokens import token_of
from accounts.people.models import User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer slt_...`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's user and the token; None when there is no such header, so that a session may answer."""
        scheme, _blank, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_of(text.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not valid: it is unknown, expired, revoked, or its user has left."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a caller without a token is told."""
        return 'Bearer realm="salesys"'
