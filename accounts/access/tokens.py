"""Tokens of integrations: issued once, kept as a hash, acting as their user within their scopes.

A token is `slt_<prefix>_<secret>`. The prefix finds the row and may be shown and logged; the secret is 256 random bits, so
a plain SHA-256 of it is as good as a slow one.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.access.models import ApiToken
from accounts.people.models import User
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import Issue, invalid, raise_if_any

RESOURCES = ("calls", "companies", "contacts", "contracts", "deals", "employees", "payments", "plans", "statements", "tasks")
SCOPES = frozenset(f"{resource}:{right}" for resource in RESOURCES for right in ("read", "write"))
FORM = re.compile(r"slt_([a-z0-9]{12})_([A-Za-z0-9_-]{43})\Z")
MOST_TOKENS = 10
"""Of one person at a time: more than the programs that one person answers for, and each is a key that can be lost."""
USED_STEP = timedelta(minutes=1)
"""`last_used_at` moves at most this often: reading must not mean writing a row each time."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The row, and the text that is shown once."""

    token: ApiToken
    text: str


@transaction.atomic
def issue_token(
    *, actor: User | None, user: User, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> IssuedToken:
    """Make a token that acts as `user`. Locks the user's tokens, so that nobody gets one more by asking twice at once.

    Args:
        actor: Who issues it.
        user: Whose rights it has.
        name: What it is for.
        scopes: `<resource>:read` or `<resource>:write`, at least one.
        expires_at: From then on it is refused; None: never.

    Raises:
        InvalidInput: No name, no scope, an unknown scope, an end in the past, or `MOST_TOKENS` that are valid already.
    """
    remedy = _("Known are: %s.") % ", ".join(sorted(SCOPES))
    raise_if_any(
        Issue("unknown_scope", _("There is no such scope."), "scopes", scope, remedy) for scope in scopes if scope not in SCOPES
    )
    if not scopes:
        raise invalid("no_scope", _("A token needs at least one scope."), field="scopes", remedy=remedy)
    if not name.strip():
        raise invalid("no_name", _("A token needs a name."), field="name", remedy=_("Write what it is for."))
    if expires_at is not None and expires_at <= clock.now():
        raise invalid(
            "in_the_past", _("This is past already."), field="expires_at", value=expires_at, remedy=_("Choose a later end.")
        )
    _require_room(user)
    secret, prefix = secrets.token_urlsafe(32), secrets.token_hex(6)
    token: ApiToken = ApiToken.all_rows.create(
        user=user, name=name.strip()[:100], prefix=prefix, secret_hash=_hash(secret), scopes=sorted(scopes), expires_at=expires_at
    )
    record(actor=actor, action="token.issued", obj=token, after={"user": user.pk, "prefix": prefix, "scopes": sorted(scopes)})
    return IssuedToken(token, f"slt_{prefix}_{secret}")


def _require_room(user: User) -> None:
    lock_until_commit(f"accounts.tokens:{user.pk}")
    valid = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    if ApiToken.all_rows.filter(valid, user=user, revoked_at__isnull=True).count() >= MOST_TOKENS:
        raise invalid(
            "too_many_tokens",
            _("%d tokens are valid already, and nobody has more.") % MOST_TOKENS,
            field="name",
            value=MOST_TOKENS,
            remedy=_("Revoke one that is not needed any more."),
        )


@transaction.atomic
def revoke_token(*, actor: User | None, token: ApiToken) -> ApiToken:
    """Refuse the token from now on; one that is revoked already stays as it is. Locks the token's row."""
    row: ApiToken = ApiToken.all_rows.select_for_update().get(pk=token.pk)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        record(actor=actor, action="token.revoked", obj=row, after={"prefix": row.prefix})
    return row


def revoke_tokens(*, user: User) -> int:
    """Refuse every token of a user from now on; how many there were. One SQL statement; the caller's event says why."""
    return int(ApiToken.all_rows.filter(user=user, revoked_at__isnull=True).update(revoked_at=clock.now()))


def token_of(text: str) -> ApiToken | None:
    """The token behind the text that an integration sent, or None when it does not open anything (any more).

    One SQL statement, and at most once a minute a second one that notes the use.
    """
    parts = FORM.match(text)
    if parts is None:
        return None
    prefix, secret = parts.groups()
    token: ApiToken | None = ApiToken.all_rows.select_related("user").filter(prefix=prefix).first()
    if token is None or not compare_digest(token.secret_hash, _hash(secret)) or not _is_open(token):
        return None
    _note_use(token)
    return token


def _is_open(token: ApiToken) -> bool:
    is_over = token.expires_at is not None and token.expires_at <= clock.now()
    return token.revoked_at is None and not is_over and token.user.is_active


def _note_use(token: ApiToken) -> None:
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > USED_STEP:
        ApiToken.all_rows.filter(pk=token.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
