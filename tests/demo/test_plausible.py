"""Whether a department of a believable size behaves believably."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median

import pytest

from salesys.demo import calibration
from salesys.demo.generate import generate
from salesys.demo.rows import CallRow, Department
from salesys.demo.setting import Setting
from salesys.kernel.periods import Month

TODAY = date(2026, 11, 22)
TALKED = {"call_back", "refused", "information", "warm", "meeting"}
YES = {"warm", "meeting"}


@pytest.fixture(scope="module")
def made() -> Department:
    return generate(Setting(TODAY, seed=1))


@pytest.fixture(scope="module")
def cold(made: Department) -> list[CallRow]:
    return [call for call in made.calls if made.people[call.person].places[0].role == "telesales"]


def share(part: float, whole: float) -> float:
    return part / whole


def test_counts_are_those_of_a_department_of_sixty(made: Department) -> None:
    assert len(made.companies) == 3000
    assert 60_000 < len(made.calls) < 120_000
    assert 1_200 < len(made.deals) < 3_000
    assert 400 < len(made.contracts) < 1_200
    assert 1_000 < len(made.payments) < 5_000
    assert 6_000 < len(made.cards) < 15_000


def test_lists_have_companies_that_nobody_has_called(made: Department) -> None:
    assert sum(entry.state == "waiting" and entry.not_before is None for entry in made.entries) > 60


def test_calls_convert_as_cold_calls_do(cold: list[CallRow]) -> None:
    talked = [call for call in cold if call.outcome in TALKED]
    assert 0.30 < share(len(talked), len(cold)) < 0.38
    assert 0.03 < share(sum(call.outcome in YES for call in talked), len(talked)) < 0.07


def test_calls_last_as_the_banks_calls_did(cold: list[CallRow]) -> None:
    yes = median(call.seconds for call in cold if call.outcome in YES)
    no = median(call.seconds for call in cold if call.outcome == "refused")
    assert calibration.SECONDS_OF_YES[5] * 0.85 < yes < calibration.SECONDS_OF_YES[5] * 1.15
    assert calibration.SECONDS_OF_NO[5] * 0.85 < no < calibration.SECONDS_OF_NO[5] * 1.15


def test_calls_keep_office_hours(made: Department) -> None:
    assert {call.at.hour for call in made.calls} <= set(range(9, 18))
    assert {call.at.weekday() for call in made.calls} <= set(range(5))


def test_deals_are_won_at_a_believable_rate(made: Department) -> None:
    warmed = [deal for deal in made.deals if deal.warmed_by is not None and deal.closed_on is not None]
    assert 0.20 < share(sum(deal.stage == "won" for deal in warmed), len(warmed)) < 0.45
    cycle = median((deal.steps[-1][1] - deal.steps[0][1]).days for deal in warmed if deal.stage == "won")
    assert 20 < cycle < 60


def test_winter_sells_and_summer_rests(made: Department) -> None:
    signed: Counter[Month] = Counter()
    for contract in made.contracts:
        signed[Month.of(contract.signed_on)] += int(contract.amount)
    assert signed[Month(2025, 12)] > signed[Month(2026, 1)]
    dialled = Counter(Month.of(call.at.date()) for call in made.calls)
    assert dialled[Month(2026, 3)] > dialled[Month(2026, 8)]


def test_people_differ(made: Department) -> None:
    won: Counter[str] = Counter()
    for contract in made.contracts:
        won[made.people[made.deals[contract.deal].seller].plays] += int(contract.amount)
    sellers = sum(person.places[0].role == "seller" for person in made.people)
    average = (sum(won.values()) - won["key_client"]) / (sellers - 1)
    assert won["star"] > 2 * average
    assert won["weak"] < average
    assert won["key_client"] > 2 * average
    assert 0.3 < share(won["key_client"], sum(won.values())) < 0.5


def test_somebody_lives_on_residuals(made: Department) -> None:
    person = next(number for number, row in enumerate(made.people) if row.plays == "residuals")
    deals = [deal for deal in made.deals if deal.seller == person]
    until = made.people[person].traits.hunts_until
    assert until is not None
    first = {deal.company: deal for deal in deals if deal.warmed_by is not None}
    assert first
    assert all(deal.opened_on < until for deal in first.values())
    clients = {hold.company for hold in made.holds if hold.person == person and hold.kind == "hunter" and hold.until_on is None}
    latest = max(
        payment.paid_on for payment in made.payments if made.deals[made.contracts[payment.contract].deal].company in clients
    )
    assert latest.year == 2026
    assert latest.month >= 10


def test_refunds_and_losses_are_rare_but_there(made: Department) -> None:
    refunds = sum(payment.refund_of is not None for payment in made.payments)
    assert 0.005 < share(refunds, len(made.payments)) < 0.04
    losses = sum(contract.direct_cost is not None and contract.direct_cost > contract.amount for contract in made.contracts)
    assert 0 < share(losses, len(made.contracts)) < 0.06
