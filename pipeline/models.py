"""The tables of the street, gathered for Django."""

from __future__ import annotations

from pipeline.calling.models import Call, CallList, CallListCount, CallListEntry, CallListMember, LastCall, OpenZones
from pipeline.clients.models import Company, Contact, Industry, Relationship
from pipeline.deals.models import Deal, Product, Stage, StageChange
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.money.models import Contract, ContractCounter, Payment, PaymentFile
from pipeline.tasks.models import ResearchCard, Task

__all__ = [
    "Call",
    "CallList",
    "CallListCount",
    "CallListEntry",
    "CallListMember",
    "Company",
    "Contact",
    "Contract",
    "ContractCounter",
    "Deal",
    "ImportBatch",
    "ImportIssue",
    "Industry",
    "LastCall",
    "OpenZones",
    "Payment",
    "PaymentFile",
    "Product",
    "Relationship",
    "ResearchCard",
    "Stage",
    "StageChange",
    "Task",
]
