"""Models of the `planning` street, gathered from its houses."""

from __future__ import annotations

from planning.calendar.models import CalendarCorrection
from planning.cascade.models import (
    DailyTarget,
    FunnelNeed,
    HeadcountNeed,
    PlannedItem,
    RoleNeed,
    SellerFunnel,
    SellerMonth,
    StageMeasure,
)
from planning.goals.models import PlanAmount, PlanNode, YearPlan
from planning.norms.models import HiringLead, Norm

__all__ = [
    "CalendarCorrection",
    "DailyTarget",
    "FunnelNeed",
    "HeadcountNeed",
    "HiringLead",
    "Norm",
    "PlanAmount",
    "PlanNode",
    "PlannedItem",
    "RoleNeed",
    "SellerFunnel",
    "SellerMonth",
    "StageMeasure",
    "YearPlan",
]
