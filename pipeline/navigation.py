"""The street in the menu, gathered from its houses."""

from __future__ import annotations

from pipeline.leads.navigation import ITEMS as LEADS
from pipeline.money.navigation import ITEMS as MONEY

ITEMS = [*LEADS, *MONEY]
