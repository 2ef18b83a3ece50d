"""Runs are told in words: jobs, results, failures."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from salesys.db.runs import Run, claimed_run
from salesys.shell.runs import JOBS, job_text, outcome_text
from tests.personas import PersonaCompany
from tests.test_layers import STREETS, python_files

DAY = date(2026, 11, 20)
CLAIM = re.compile(r"^JOB = \"(\w+)\"|claimed_run\(job=\"(\w+)\"|\bjob = \"(\w+)\" if .* else \"(\w+)\"", re.MULTILINE)


def run(**values: Any) -> Run:
    return Run(**{"job": "commissions", "business_date": DAY, "status": "done", **values})


def claimed(path: Path) -> set[str]:
    return {name for found in CLAIM.findall(path.read_text()) for name in found if name}


def test_every_job_has_a_label_and_every_label_a_job() -> None:
    assert set().union(*(claimed(path) for path in python_files(STREETS))) == set(JOBS)


@pytest.mark.parametrize(
    ("values", "english", "russian"),
    [
        (
            {"result": {"marks": 3372, "months": 18, "run_id": 1, "credit_lines": 3617, "earning_lines": 1700}},
            "3,617 credit lines, 1,700 earning lines, 18 months",
            "3 617 строк зачёта, 1 700 строк начислений, 18 месяцев",
        ),
        ({"result": {"months": 1, "credit_lines": 1, "earning_lines": 0}}, "1 credit line, 1 month", "1 строка зачёта, 1 месяц"),
        ({"result": {"months": 0, "credit_lines": 0, "earning_lines": 0}}, "nothing to do", "делать было нечего"),
        (
            {"job": "recascade_plans", "result": {"plans": 2, "changed_targets": 22}},
            "2 plans, 22 changed targets",
            "2 плана, 22 изменённые цели",
        ),
        ({"job": "end_dismissed_accounts", "result": {"closed": 5}}, "5 closed accounts", "5 закрытых учётных записей"),
        ({"job": "load_payment_file", "rows_done": 1200}, "1,200 rows", "1 200 строк"),
        ({"job": "prepare_partitions", "rows_done": 4}, "", ""),
        ({"status": "running", "result": {"months": 3}}, "", ""),
    ],
)
def test_a_result_is_told_in_words(values: dict[str, Any], english: str, russian: str) -> None:
    shown = []
    for language in ("en", "ru"):
        with override(language):
            shown.append(outcome_text(run(**values)).replace("\N{NO-BREAK SPACE}", " "))
    assert shown == [english, russian]


def test_a_job_that_is_no_more_keeps_its_name() -> None:
    assert job_text("weigh_the_moon") == "Weigh the moon"


@pytest.mark.django_db
def test_a_failure_shows_no_row_of_the_database(company: PersonaCompany) -> None:
    with pytest.raises(ValueError, match="tax_id"), claimed_run(job="load_payment_file", business_date=DAY):
        raise ValueError("Key (tax_id)=(7701234567) already exists")
    Run.all_rows.create(job="commissions", business_date=DAY, status="failed", error="IntegrityError: Key (name)=(Nordwind)")
    for browser in (company.owner.client, company.administrator.client):
        for path in ("/runs/", "/"):
            page = browser.get(path).content.decode()
            assert "7701234567" not in page
            assert "Nordwind" not in page
            assert "It stopped with an error (IntegrityError)." in page
            assert "Commissions" in page
    assert not Run.all_rows.filter(error__contains="7701234567").exists()
