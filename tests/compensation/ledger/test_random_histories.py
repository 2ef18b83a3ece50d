"""Whatever happens in whatever order: incremental runs, a full run and the oracle agree."""

from __future__ import annotations

import random

import pytest

from compensation.ledger.commissions import run_commissions
from tests.compensation.ledger.checks import check_ledger
from tests.compensation.ledger.histories import LAST, History

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
