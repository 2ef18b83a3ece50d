"""Tables that belong to the installation rather than to a street."""

from __future__ import annotations

from salesys.db.drafts import Draft
from salesys.db.organisation import Organisation
from salesys.db.runs import Run
from salesys.rest.models import KeptResponse

__all__ = ["Draft", "KeptResponse", "Organisation", "Run"]
