"""The resources of every street, in the order in which the description lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.people.api import API_ROUTES as PEOPLE
from compensation.api import API_ROUTES as COMPENSATION
from pipeline.calling.api import API_ROUTES as CALLING
from pipeline.clients.api import API_ROUTES as CLIENTS
from pipeline.deals.api import API_ROUTES as DEALS
from pipeline.money.api import API_ROUTES as MONEY
from pipeline.tasks.api import API_ROUTES as TASKS
from planning.api import API_ROUTES as PLANNING

Route = tuple[str, Any, str]

ROUTES: Sequence[Route] = (*CLIENTS, *TASKS, *DEALS, *CALLING, *MONEY, *PLANNING, *COMPENSATION, *PEOPLE)
