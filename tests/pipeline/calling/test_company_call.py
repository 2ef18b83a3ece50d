"""A call from no list is logged on the client's page, once, however often its button is pressed."""

from __future__ import annotations

import pytest

from pipeline.models import Call, Task
from tests.factories import RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, freeze


def test_two_clicks_log_one_call(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, MORNING)
    client = RelationshipFactory(employee=company.seller.employee).company
    address, browser = f"/companies/{client.pk}/call/", company.seller.client
    once = browser.get(address).context["form"]["once"].value()
    sent = {"outcome": "call_back", "next_step_at": "2026-11-18T10:00", "note": "Ask again.", "once": once}
    answers = [browser.post(address, sent) for _click in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, f"/companies/{client.pk}/")] * 2
    assert (Call.all_rows.count(), Task.all_rows.count()) == (1, 1)
    assert browser.post(address, sent | {"note": "Another talk."}).status_code == 400
    assert Call.all_rows.get().note == "Ask again."
    assert browser.get(address).context["form"]["once"].value() != once
