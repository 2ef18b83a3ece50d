"""The own days: how much there is to do, and for whom it is no list to read ahead, with what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.models import Company, Task
from planning.cascade.queries import item_counts
from planning.cascade.services import recascade
from planning.models import PlannedItem
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, call_list, running_plan

TUESDAY = date(YEAR, 3, 16)
NAMES = [f"Firm {number:03d} GmbH" for number in range(60)]


@pytest.fixture(autouse=True)
def _named(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls and cards of the coming days, of companies with names of their own."""
    for entry, name in zip(call_list(company, len(NAMES)), NAMES, strict=True):
        Company.all_rows.filter(pk=entry.company_id).update(name=name)
    plan = running_plan(company)
    PlannedItem.all_rows.all().delete()
    Task.all_rows.all().delete()
    monkeypatch.setattr("salesys.db.clock.today", lambda: TUESDAY)
    recascade(plan=plan, as_of=TUESDAY)


def test_telesales_see_how_many_companies_come_and_not_which(company: PersonaCompany) -> None:
    caller = company.telesales
    counts = item_counts(caller.employee.pk, TUESDAY, TUESDAY + timedelta(days=4))
    assert sum(count for _on, count in counts) == PlannedItem.all_rows.filter(kind=PlannedItem.Kind.CALL).count() > 0
    answer = caller.client.get("/plan/days/")
    assert answer.context["counts"] == counts
    page = answer.content.decode()
    assert "Companies to call" in page
    assert not [name for name in NAMES if name in page]


def test_assistants_keep_the_cards_assigned_to_them(company: PersonaCompany) -> None:
    page = company.assistant.client.get("/plan/days/").content.decode()
    cards = PlannedItem.all_rows.filter(employee=company.assistant.employee.pk, kind=PlannedItem.Kind.CARD)
    assert cards.exists()
    assert cards.earliest("on", "pk").company.name in page


def test_heads_see_which_companies_their_people_call(company: PersonaCompany) -> None:
    page = company.head.client.get(f"/plan/days/{company.telesales.employee.pk}/").content.decode()
    assert [name for name in NAMES if name in page]
