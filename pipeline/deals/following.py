"""Open deals follow their client: who has handed a client over is not left with the deals, and through them with the client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.access.audit import Deed, record_many
from pipeline.clients.models import Relationship
from pipeline.deals.models import Deal
from pipeline.deals.policies import WORKERS
from salesys.db import clock

SQL = (Path(__file__).parent / "sql" / "follow_clients.sql").read_text(encoding="utf-8")


@transaction.atomic
def follow_clients(former_id: int | None = None) -> int:
    """Give open deals to whoever has taken their client over by today; 2 SQL statements, one audit event per deal.

    A deal that was begun after the client had changed hands stays: a call list may name its seller (ADR 43). Doing it twice
    finds nothing left to do.

    Args:
        former_id: Only deals of this employee; None for everybody's.

    Returns:
        How many deals changed hands.
    """
    parameters: dict[str, Any] = {
        "today": clock.today(),
        "kinds": list(Relationship.HOLDING),
        "roles": [role.value for role in WORKERS],
        "former": former_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        given = sorted(cursor.fetchall())
    deeds = (Deed("deal.given", Deal(pk=deal), {"seller": former}, {"seller": holder}) for deal, former, holder in given)
    record_many(actor=None, deeds=deeds)
    return len(given)
