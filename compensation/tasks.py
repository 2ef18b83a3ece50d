"""Tasks of the street, gathered where Celery looks for them."""

from __future__ import annotations

from compensation.ledger.tasks import compute_commissions, run_nightly_commissions

__all__ = ["compute_commissions", "run_nightly_commissions"]
