"""Rows of the `pipeline` street for its tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
import pytest
from factory.django import DjangoModelFactory

from pipeline.models import CallList, CallListEntry, Deal, Stage, StageChange, Task
from salesys.db import clock
from tests.factories import CompanyFactory, ContactFactory, EmployeeFactory

MOSCOW = ZoneInfo("Europe/Moscow")
TUESDAY = date(2026, 11, 17)
MORNING = datetime(2026, 11, 17, 10, 0, tzinfo=MOSCOW)
"""A working Tuesday at ten in Moscow, the time zone of the company of `tests/personas.py`."""


def freeze(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """Let the company's clock stand still."""
    monkeypatch.setattr(clock, "now", lambda: at)


class TaskFactory(DjangoModelFactory):
    """An open task for somebody."""

    class Meta:
        model = Task

    kind = Task.Kind.OTHER
    title = factory.Sequence(lambda number: f"Task {number}")
    assignee = factory.SubFactory(EmployeeFactory)
    due_on = TUESDAY


class CallListFactory(DjangoModelFactory):
    """A list; `CallListFactory(members=[employee])` is called by them."""

    class Meta:
        model = CallList
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"List {number}")
    script = "Good morning, this is Harbour Trade."

    @factory.post_generation
    def members(self, create: bool, employees: Any, **_kwargs: Any) -> None:
        for employee in employees or ():
            self.members.create(employee=employee)


class EntryFactory(DjangoModelFactory):
    """A company that waits on a list, with a contact."""

    class Meta:
        model = CallListEntry

    call_list = factory.SubFactory(CallListFactory)
    company = factory.SubFactory(CompanyFactory)
    contact = factory.SubFactory(ContactFactory, company=factory.SelfAttribute("..company"))
    time_zone = factory.SelfAttribute("company.time_zone")
    priority = factory.Sequence(lambda number: number)


class DealFactory(DjangoModelFactory):
    """An open deal in the first stage, with its history."""

    class Meta:
        model = Deal
        skip_postgeneration_save = True

    class Params:
        stage_code = "new"

    title = factory.Sequence(lambda number: f"Deal {number}")
    company = factory.SubFactory(CompanyFactory)
    seller = factory.SubFactory(EmployeeFactory)
    stage = factory.LazyAttribute(lambda row: Stage.all_rows.get(code=row.stage_code))
    opened_on = TUESDAY

    @factory.post_generation
    def history(self, create: bool, _given: Any, **_kwargs: Any) -> None:
        StageChange.all_rows.create(deal=self, from_stage=None, to_stage=self.stage, on=self.opened_on)
