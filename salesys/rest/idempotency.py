"""`Idempotency-Key`: a POST that is sent twice is done once, and both get the same answer.

The lock, the deed and the kept answer are one transaction: a crash leaves all of it or nothing, and of two that come at the
same time the second waits and gets the first one's answer. Only answers of deeds that were done are kept; what was refused
changed nothing and may be sent again, corrected, with the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import invalid
from salesys.rest.models import KeptResponse
from salesys.rest.problems import KeyReused

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT_FOR = timedelta(hours=48)
KEPT_HEADERS = ("Location", "ETag")


def answer_once(request: Request, handler: Callable[[], Response]) -> Response:
    """Answer a POST by its key: do it, or repeat the answer that it got before.

    Raises:
        InvalidInput: There is no key, or it is too long.
        KeyReused: The key came before with another body.

    Locks: the key, until the transaction ends.
    """
    key = _key(request)
    route, digest = request.path[:LONGEST_KEY], hashlib.sha256(request._request.body).hexdigest()  # noqa: SLF001 (the bytes as sent)
    with transaction.atomic():
        lock_until_commit(f"answer:{request.user.pk}:{route}:{key}")
        kept: KeptResponse | None = KeptResponse.all_rows.filter(user=request.user.pk, route=route, key=key).first()
        if kept is not None:
            return _again(kept, digest)
        response = handler()
        if response.status_code < 300:
            KeptResponse.all_rows.create(
                user_id=int(request.user.pk or 0),
                route=route,
                key=key,
                body_hash=digest,
                status=response.status_code,
                headers={name: response[name] for name in KEPT_HEADERS if name in response},
                body=JSONRenderer().render(response.data).decode(),
            )
    return response


def _key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    remedy = _("Send a new random value, such as a UUID, with each new deed, and the same one when you repeat it.")
    if not key:
        raise invalid("key_required", _("A POST needs the header Idempotency-Key."), field=HEADER, remedy=remedy)
    if len(key) > LONGEST_KEY or not key.isprintable():
        problem = _("An idempotency key has at most %d printable characters.") % LONGEST_KEY
        raise invalid("key_too_long", problem, field=HEADER, value=key[:LONGEST_KEY], remedy=remedy)
    return key


def _again(kept: KeptResponse, digest: str) -> Response:
    if kept.body_hash != digest:
        raise KeyReused(_("This key was used with another body. Use a new key for another deed."))
    data: Any = json.loads(kept.body) if kept.body else None
    return Response(data, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})


def forget_old_answers() -> int:
    """Delete answers that nobody repeats any more; returns how many. 1 SQL statement."""
    deleted, _by_model = KeptResponse.all_rows.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
    return deleted
