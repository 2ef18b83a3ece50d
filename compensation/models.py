"""Models of the `compensation` street, gathered from its houses."""

from __future__ import annotations

from compensation.ledger.models import (
    ClientStart,
    CreditLine,
    EarningLine,
    Measure,
    PayIssue,
    PayPeriod,
    PoolWeight,
    StaleMark,
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
    "PayIssue",
    "PayPeriod",
    "PoolWeight",
    "Scheme",
    "SchemeAssignment",
    "SchemeVersion",
    "StaleMark",
    "Statement",
    "Tier",
    "UncreditedPayment",
]
