"""The constants of the calls against the published calls that they were counted from."""

from __future__ import annotations

import csv
from collections import Counter
from statistics import quantiles

import pytest

from salesys.demo import calibration
from tests.real_data import find_data

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@pytest.fixture(scope="module")
def calls() -> list[dict[str, str]]:
    with (find_data("bank-marketing") / "bank-full.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def share_of_yes(calls: list[dict[str, str]], column: str) -> dict[str, float]:
    total = Counter(call[column] for call in calls)
    yes = Counter(call[column] for call in calls if call["y"] == "yes")
    return {value: yes[value] / count for value, count in total.items()}


def test_success_by_attempt_and_month(calls: list[dict[str, str]]) -> None:
    by_attempt = share_of_yes(calls, "campaign")
    assert [round(by_attempt[str(number)], 3) for number in range(1, 9)] == list(calibration.SUCCESS_BY_ATTEMPT)
    by_month = share_of_yes(calls, "month")
    assert {number: by_month[name] for number, name in enumerate(MONTHS, start=1)} == pytest.approx(
        dict(calibration.SUCCESS_BY_MONTH), abs=0.001
    )
    assert sum(call["y"] == "yes" for call in calls) / len(calls) == pytest.approx(calibration.SUCCESS_OVERALL, abs=0.001)


@pytest.mark.parametrize(("answer", "deciles"), [("yes", calibration.SECONDS_OF_YES), ("no", calibration.SECONDS_OF_NO)])
def test_durations(calls: list[dict[str, str]], answer: str, deciles: tuple[int, ...]) -> None:
    seconds = [int(call["duration"]) for call in calls if call["y"] == answer]
    assert quantiles(seconds, n=10) == pytest.approx(list(deciles[1:-1]), abs=1.5)
