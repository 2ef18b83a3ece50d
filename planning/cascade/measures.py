"""The measured funnel of each seller: counts from the pipeline, shrunk by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from planning.bulk import select, statement
from planning.engine.activities import PAYMENT_LAG_DAYS, STEPS, Activity, Step
from planning.engine.conversions import Sample, pooled, shrink, shrink_all, shrink_mean
from salesys.db.organisation import organisation
from salesys.kernel.money import KOPECK, round_money

SQL = Path(__file__).parent / "sql"
WINDOW_DAYS = 365
DEAL_WINDOW_DAYS = 730
ENOUGH_DEALS = 10
MEAN_STRENGTH = 5
USUAL_DEAL = Decimal("100000.00")
"""What a won deal brings where none was ever won."""

ALL = Decimal(1)
STEP_OF: Mapping[Activity, Step] = {step.activity: step for step in STEPS}
OWN_STEPS = (Activity.PROPOSALS, Activity.MEETINGS, Activity.WARM_CONTACTS)
"""Steps that a seller answers for; the others are measured for the direction's telesales and for the company."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One step of one seller: own counts, the rate around, the rate used, and the days to the next stage.

    `share` is the part of the next stage that comes this way: of warm contacts, those that telesales bring.
    """

    sample: Sample
    common_rate: Decimal
    rate: Decimal
    step_days: int
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A seller's funnel as of a date."""

    employee_id: int
    direction_id: int
    deals_measured: int
    payment_per_deal: Decimal
    payment_lag_days: int
    measures: Mapping[Activity, Measured]

    def steps(self) -> tuple[Step, ...]:
        """The engine's steps with this seller's rates, days and shares."""
        return tuple(
            Step(step.activity, step.serves, own.rate, own.step_days, own.share)
            for step in STEPS
            for own in (self.measures[step.activity],)
        )


@dataclass(frozen=True, slots=True)
class Lags:
    """Median days between stages."""

    warm_to_meeting: int
    meeting_to_proposal: int
    to_win: int
    win_to_payment: int


USUAL_LAGS = Lags(
    STEP_OF[Activity.WARM_CONTACTS].lead_days,
    STEP_OF[Activity.MEETINGS].lead_days,
    STEP_OF[Activity.PROPOSALS].lead_days,
    PAYMENT_LAG_DAYS,
)


def funnels(places: Mapping[int, int], *, basis: date) -> dict[int, Funnel]:
    """The funnels of sellers from what happened before `basis`; 6 SQL statements.

    Args:
        places: Direction id (0 for none) by employee id.
        basis: The first day that is not measured any more.

    Returns:
        One funnel per employee of `places`. Conversions come from the 365 days before the basis, values of deals from 730.
    """
    since = basis - timedelta(days=WINDOW_DAYS)
    measures = _own_measures(places, {"since": since, "basis": basis})
    shared = _shared_measures(set(places.values()), {"since": since, "basis": basis})
    lags = _lags(places, {"since": since, "basis": basis})
    shares = _shares_of_calls(places, {"since": since, "basis": basis})
    values = _values(places, {"since": basis - timedelta(days=DEAL_WINDOW_DAYS), "basis": basis})
    return {
        employee_id: Funnel(
            employee_id,
            direction_id,
            *values[employee_id],
            lags[direction_id].win_to_payment,
            _with_days(measures[employee_id], lags[direction_id], shares[direction_id]) | shared[direction_id],
        )
        for employee_id, direction_id in places.items()
    }


def _members(places: Mapping[int, int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for employee_id, direction_id in sorted(places.items()):
        members.setdefault(direction_id, []).append(employee_id)
    return members


def _own_measures(places: Mapping[int, int], window: Mapping[str, date]) -> dict[int, dict[Activity, Measured]]:
    """Warm contact to meeting to proposal to win, per seller, shrunk toward the direction, and that toward the company."""
    counts = {row[0]: row[1:] for row in select(statement(SQL / "closed_deals.sql"), window)}
    found: dict[int, dict[Activity, Measured]] = {employee_id: {} for employee_id in places}
    for activity, (trials_at, successes_at) in zip(OWN_STEPS, ((2, 3), (1, 2), (0, 1)), strict=True):
        samples = {
            employee_id: Sample(counts[employee_id][successes_at], counts[employee_id][trials_at])
            if employee_id in counts
            else Sample(0, 0)
            for employee_id in places
        }
        for employee_id, measured in _shrunk(activity, places, samples).items():
            found[employee_id][activity] = measured
    return found


def _shrunk(activity: Activity, places: Mapping[int, int], samples: Mapping[int, Sample]) -> dict[int, Measured]:
    step = STEP_OF[activity]
    company = shrink(pooled(list(samples.values())), toward=step.rate, strength=Decimal(20))
    found = {}
    for members in _members(places).values():
        common, rates = shrink_all([samples[member] for member in members], toward=company)
        for member, rate in zip(members, rates, strict=True):
            found[member] = Measured(samples[member], common, rate, step.lead_days)
    return found


def _with_days(measures: Mapping[Activity, Measured], lags: Lags, share: Decimal) -> dict[Activity, Measured]:
    days = {
        Activity.PROPOSALS: lags.to_win,
        Activity.MEETINGS: lags.meeting_to_proposal,
        Activity.WARM_CONTACTS: lags.warm_to_meeting,
    }
    return {
        activity: replace(measured, step_days=days[activity], share=share if activity == Activity.WARM_CONTACTS else ALL)
        for activity, measured in measures.items()
    }


def _shares_of_calls(places: Mapping[int, int], window: Mapping[str, date]) -> dict[int, Decimal]:
    """Which part of its deals each direction owes to telesales, shrunk toward the company's; the others came by themselves.

    Where no deal says that a call brought it, nobody has recorded it, and all deals are taken to need one.
    """
    opened = {row[0]: Sample(row[2], row[1]) for row in select(statement(SQL / "warmed_deals.sql"), window)}
    whole = pooled(list(opened.values()))
    if not whole.successes:
        return dict.fromkeys(places.values(), ALL)
    company = _toward(whole, ALL)
    return {
        direction_id: _toward(pooled([opened[member] for member in members if member in opened]), company)
        for direction_id, members in _members(places).items()
    }


def _shared_measures(directions: set[int], window: Mapping[str, date]) -> dict[int, dict[Activity, Measured]]:
    """Calls per direction, shrunk toward the company; cards and letters of the company."""
    calls = {row[0]: row[1:] for row in select(statement(SQL / "call_counts.sql"), window)}
    zone = {"zone": organisation().time_zone}
    ((cards, letters),) = select(statement(SQL / "support_counts.sql"), {**window, **zone})
    total = [sum(column) for column in zip(*calls.values(), strict=True)] or [0, 0, 0]
    dials, conversations, _warm = total
    company = {
        Activity.RESEARCH_CARDS: _measured(Activity.RESEARCH_CARDS, Sample(dials, cards)),
        Activity.LETTERS: _measured(Activity.LETTERS, Sample(conversations, letters)),
        Activity.DIALS: _measured(Activity.DIALS, Sample(conversations, dials)),
        Activity.CONVERSATIONS: _measured(Activity.CONVERSATIONS, Sample(total[2], conversations)),
    }
    found = {}
    for direction_id in directions:
        own_dials, own_talks, own_warm = calls.get(direction_id, (0, 0, 0))
        samples = {Activity.DIALS: Sample(own_talks, own_dials), Activity.CONVERSATIONS: Sample(own_warm, own_talks)}
        own = {
            activity: Measured(
                sample, company[activity].rate, _toward(sample, company[activity].rate), company[activity].step_days
            )
            for activity, sample in samples.items()
        }
        found[direction_id] = company | own
    return found


def _toward(sample: Sample, rate: Decimal) -> Decimal:
    return shrink(sample, toward=rate, strength=Decimal(20))


def _measured(activity: Activity, sample: Sample) -> Measured:
    step = STEP_OF[activity]
    rate = _toward(sample, step.rate) if sample.trials else step.rate
    return Measured(sample, step.rate, rate, step.lead_days)


def _lags(places: Mapping[int, int], window: Mapping[str, date]) -> dict[int, Lags]:
    """Median days by direction where enough deals were won, else of the company, else the usual ones."""
    parameters = {**window, "sellers": list(places), "directions": list(places.values())}
    company, by_direction = USUAL_LAGS, {}
    for direction_id, deals, *medians in select(statement(SQL / "lead_days.sql"), parameters):
        lags = Lags(*(usual if days is None else int(days) for days, usual in zip(medians, _days(USUAL_LAGS), strict=True)))
        if direction_id is None and deals:
            company = lags
        elif deals >= ENOUGH_DEALS:
            by_direction[direction_id] = lags
    return {direction_id: by_direction.get(direction_id, company) for direction_id in set(places.values())}


def _days(lags: Lags) -> Sequence[int]:
    return (lags.warm_to_meeting, lags.meeting_to_proposal, lags.to_win, lags.win_to_payment)


def _values(places: Mapping[int, int], window: Mapping[str, date]) -> dict[int, tuple[int, Decimal]]:
    """Deals measured, and first-year payments per won deal, shrunk toward the direction's average."""
    won = {row[0]: (row[1], row[2]) for row in select(statement(SQL / "deal_values.sql"), window)}
    company = _mean(won.values(), USUAL_DEAL)
    found = {}
    for members in _members(places).values():
        direction = _mean([won[member] for member in members if member in won], company)
        for member in members:
            deals, amount = won.get(member, (0, Decimal(0)))
            value = shrink_mean(amount, deals, toward=direction, strength=MEAN_STRENGTH)
            found[member] = (deals, max(round_money(value), KOPECK))
    return found


def _mean(won: Iterable[tuple[int, Decimal]], otherwise: Decimal) -> Decimal:
    pairs = list(won)
    deals, amount = sum(pair[0] for pair in pairs), sum((pair[1] for pair in pairs), Decimal(0))
    return amount / deals if deals and amount > 0 else otherwise
