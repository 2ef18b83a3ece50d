"""Whatever happens in whatever order: incremental runs, a full run and the oracle agree."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest

from compensation.ledger import commissions
from compensation.ledger.commissions import run_commissions
from compensation.models import StaleMark
from salesys.kernel.periods import Month
from tests.compensation.ledger.checks import check_early_months, check_ledger, check_statements
from tests.compensation.ledger.histories import LAST, History
from tests.compensation.ledger.upheavals import BEFORE, Upheaval

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]


@pytest.mark.parametrize("seed", range(5))
def test_incremental_runs_end_where_the_oracle_and_a_full_run_do(seed: int) -> None:
    history = History(random.Random(seed))
    history.begin()
    for _round in range(6):
        for _change in range(history.dice.randrange(1, 9)):
            history.step()
        run_commissions(actor=None, as_of=LAST.last)
        check_ledger(LAST)
        if history.dice.random() < 0.4:
            history.settle()
    summary = run_commissions(actor=None, as_of=LAST.last, full=True)
    assert summary is not None
    assert summary.lines == 0


class Killed(Exception):
    """The worker is gone."""


def make_deadly(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs die now and then before a month is posted, or after."""
    real = commissions._post_month

    def dangerous(*parameters: Any) -> Any:
        fate = history.dice.random()
        if fate < 0.15:
            raise Killed
        done = real(*parameters)
        if fate < 0.3:
            raise Killed
        return done

    monkeypatch.setattr(commissions, "_post_month", dangerous)


def run_until_done(history: History) -> None:
    """A run that looks back now and then, and the run of the last month, as often as it dies; changes come in between."""
    if history.dice.random() < 0.3:
        with suppress(Killed):
            run_commissions(actor=None, as_of=Month(LAST.year, history.dice.randrange(1, LAST.number)).last, key="past")
    while True:
        for _change in range(history.dice.randrange(0, 3)):
            history.step()
        try:
            run_commissions(actor=None, as_of=LAST.last)
        except Killed:
            continue
        return


@pytest.mark.parametrize("seed", range(20, 24))
def test_runs_that_die_or_look_back_and_periods_that_open_again_end_there_too(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    history = Upheaval(random.Random(seed))
    history.begin()
    with monkeypatch.context() as patch:
        make_deadly(history, patch)
        for number in range(6):
            history.is_early = number > 1
            for _change in range(history.dice.randrange(1, 9)):
                history.step()
            run_until_done(history)
            assert not StaleMark.all_rows.exclude(kind="earnings").exists()
            check_ledger(LAST)
            check_early_months(Month.of(BEFORE))
            if history.dice.random() < 0.6:
                history.settle()
            if history.dice.random() < 0.3:
                history.reopen()
    check_statements()
    summary = run_commissions(actor=None, as_of=LAST.last, full=True, key="full")
    assert summary is not None
    assert summary.lines == 0
