"""Models of the `compensation` street, gathered from its houses."""

from __future__ import annotations

from compensation.ledger.models import (
    ClientStart,
    CreditLine,
    EarningLine,
    Measure,
    PayPeriod,
    PoolWeight,
    StaleMark,
    UncomputedEarning,
    UncreditedPayment,
)
from compensation.schemes.models import Component, Scheme, SchemeAssignment, SchemeVersion, Tier
from compensation.statements.models import Statement

__all__ = [
    "ClientStart",
    "Component",
    "CreditLine",
    "EarningLine",
    "Measure",
    "PayPeriod",
    "PoolWeight",
    "Scheme",
    "SchemeAssignment",
    "SchemeVersion",
    "StaleMark",
    "Statement",
    "Tier",
    "UncomputedEarning",
    "UncreditedPayment",
]
