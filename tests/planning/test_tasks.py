"""The nightly task and its run row."""

from __future__ import annotations

from datetime import date

import pytest

from planning.models import DailyTarget
from planning.tasks import JOB, recascade_plans
from salesys.db.runs import Run
from tests.personas import PersonaCompany
from tests.planning.world import YEAR, agreed_plan

pytestmark = pytest.mark.django_db


def test_the_night_paces_every_plan_in_force_and_says_so(company: PersonaCompany) -> None:
    agreed_plan(company)
    agreed_plan(company, year=YEAR + 1)
    agreed_plan(company, year=YEAR - 2)
    recascade_plans(f"{YEAR}-03-16")
    run = Run.all_rows.get(job=JOB)
    assert (run.status, run.business_date, run.rows_done, run.rows_total) == ("done", date(YEAR, 3, 16), 2, 2)
    assert run.result == {"plans": 2, "changed_targets": DailyTarget.all_rows.count()}
    assert DailyTarget.all_rows.filter(on__lt=date(YEAR, 3, 16)).count() == 0


def test_the_same_night_is_not_run_again(company: PersonaCompany) -> None:
    agreed_plan(company)
    recascade_plans(f"{YEAR}-03-16")
    finished = Run.all_rows.get(job=JOB).finished_at
    recascade_plans(f"{YEAR}-03-16")
    assert Run.all_rows.get(job=JOB).finished_at == finished


def test_today_is_the_companys_date(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesys.db.clock.today", lambda: date(YEAR, 5, 4))
    agreed_plan(company)
    recascade_plans()
    assert Run.all_rows.get(job=JOB).business_date == date(YEAR, 5, 4)
    assert DailyTarget.all_rows.earliest("on").on == date(YEAR, 5, 4)
