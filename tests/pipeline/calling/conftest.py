"""A list of the telesales persona on a working Tuesday morning."""

from __future__ import annotations

import pytest

from pipeline.calling.services import claim_next_entry
from pipeline.models import CallList, CallListEntry
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, CallListFactory, EntryFactory, freeze


@pytest.fixture
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)


@pytest.fixture
def call_list(company: PersonaCompany) -> CallList:
    """Called by both telesales people; warm contacts go by direction."""
    found: CallList = CallListFactory(
        members=[company.telesales.employee, company.rival_telesales.employee], direction=company.machinery
    )
    return found


@pytest.fixture
def entry(company: PersonaCompany, call_list: CallList, _morning: None) -> CallListEntry:
    """In the hand of the telesales persona."""
    made: CallListEntry = EntryFactory(call_list=call_list)
    claim_next_entry(actor=company.telesales.user)
    made.refresh_from_db()
    return made
