"""Open deals follow their client: who has handed a client over is not left with the deals, and through them with the client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.access.audit import Deed, record_many
from pipeline.clients.models import Relationship
from pipeline.clients.relationships import HandOver
from pipeline.deals.models import Deal
from pipeline.deals.policies import WORKERS
from salesys.db import clock

SQL = Path(__file__).parent / "sql"
FOLLOW_CLIENTS = (SQL / "follow_clients.sql").read_text(encoding="utf-8")
FOLLOW_HAND_OVER = (SQL / "follow_hand_over.sql").read_text(encoding="utf-8")


@transaction.atomic
def follow_clients() -> int:
    """Give open deals to whoever has taken their client over by today; 2 SQL statements, one audit event per deal.

    A deal that was begun after the client had changed hands stays: a call list may name its seller (ADR 43). Doing it twice
    finds nothing left to do.

    Returns:
        How many deals changed hands.
    """
    return _give(FOLLOW_CLIENTS)


@transaction.atomic
def follow_hand_over(handed: HandOver) -> int:
    """Give the open deals with clients that change hands to the new holder; nothing yet where the day is still to come.

    At the moment of the deed every deal was there before it. Dates do not say so of one that was opened on the very day, of a
    relationship that began on it and leaves no row behind, or of a hand-over that is dated back. 2 SQL statements.

    Returns:
        How many deals changed hands.
    """
    return _give(FOLLOW_HAND_OVER, former=handed.former_id, holder=handed.holder_id, companies=list(handed.company_ids))


def _give(statement: str, **whose: Any) -> int:
    parameters: dict[str, Any] = {
        "today": clock.today(),
        "kinds": list(Relationship.HOLDING),
        "roles": [role.value for role in WORKERS],
        **whose,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        given = sorted(cursor.fetchall())
    deeds = (Deed("deal.given", Deal(pk=deal), {"seller": former}, {"seller": holder}) for deal, former, holder in given)
    record_many(actor=None, deeds=deeds)
    return len(given)
