"""The sales floor, day by day: who calls whom, what comes of it, who gets the deal, and what assistants prepare."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from salesys.demo import calibration
from salesys.demo.deals import DealMaker, Opening
from salesys.demo.people import sellers_on
from salesys.demo.rows import CallRow, CompanyRow, DealRow, PairRow, Person
from salesys.demo.setting import Setting
from salesys.demo.support import Support

FREE, BUSY, CLIENT = 0, 1, 2
RECALL_DAYS = {"no_answer": (1, 4), "busy": (1, 2), "gatekeeper": (2, 6), "call_back": (2, 12), "information": (3, 6)}
ACTIVE = frozenset({1, 2, 4})
INBOUND = frozenset({3})
AFTER_LOSS_DAYS = (70, 160)
WEEKDAYS = (1.0, 1.06, 1.05, 1.0, 0.86, 1.0, 1.0)


@dataclass(slots=True)
class Company:
    """What the floor knows about a company: its state, and how often it was dialled since it was last left alone."""

    state: int = FREE
    attempts: int = 0
    reserved_for: int | None = None
    due_on: date | None = None
    busy_until: date = date.min
    was_called: bool = False


@dataclass(slots=True)
class Hold:
    """A relationship while it is being made."""

    company: int
    person: int
    kind: str
    from_on: date
    until_on: date | None = None


@dataclass(slots=True)
class Floor:
    """The state of the floor and all that has happened on it."""

    setting: Setting
    people: tuple[Person, ...]
    pairs: tuple[PairRow, ...]
    companies: tuple[CompanyRow, ...]
    contact_of: dict[int, int]
    maker: DealMaker
    support: Support
    calls: list[CallRow] = field(default_factory=list)
    deals: list[DealRow] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    known: list[Company] = field(default_factory=list)
    queues: dict[int, list[tuple[date, int]]] = field(default_factory=dict)

    def run(self) -> None:
        """Live through every working day."""
        self.queues = {direction: [] for direction in range(len(self.setting.words.markets))}
        for number, company in enumerate(self.companies):
            self.queues[company.direction].append((company.entered_on + timedelta(days=number % 60), number))
        for queue in self.queues.values():
            heapq.heapify(queue)
        for day in self.setting.working_days:
            for caller in self._callers(day):
                self._call_all_day(caller, day)
            self._answer_requests(day)

    # Calls

    def _callers(self, day: date) -> list[int]:
        away = calibration.HOLIDAY_SHARE.get(day.month, 0.03)
        dice = self.support.dice
        there = []
        for number, person in enumerate(self.people):
            place = person.place_on(day)
            if place is not None and place.role == "telesales" and not dice.happens(away):
                there.append(number)
        return there

    def _call_all_day(self, caller: int, day: date) -> None:
        """As many dials as the person makes on such a day, at the hours at which people are called."""
        dice = self.support.dice
        pace = self.people[caller].traits.pace * WEEKDAYS[day.weekday()] * dice.random.gauss(1, 0.1)
        hours = [hour for hour, _share in calibration.HOURS]
        shares = [share for _hour, share in calibration.HOURS]
        dials = max(4, round(calibration.DIALS_PER_DAY * pace))
        moments = sorted(hour * 3600 + dice.between(0, 3599) for hour in dice.random.choices(hours, shares, k=dials))
        for moment, company in zip(moments, self._next_companies(caller, day), strict=False):
            self._dial(caller, company, day, moment)

    def _next_companies(self, caller: int, day: date) -> Iterator[int]:
        """Companies that are due, of the caller's own market first, then of markets that nobody else calls."""
        place = self.people[caller].place_on(day)
        own = place.direction if place is not None and place.direction is not None else 0
        for direction in (own, *self._orphans(day)):
            queue = self.queues[direction]
            while queue and queue[0][0] <= day:
                due_on, company = heapq.heappop(queue)
                known = self.known[company]
                if known.state == FREE and known.due_on in {None, due_on}:
                    yield company

    def _orphans(self, day: date) -> list[int]:
        served = set()
        for person in self.people:
            place = person.place_on(day)
            if place is not None and place.role == "telesales":
                served.add(place.direction)
        return [direction for direction in self.queues if direction not in served]

    def _dial(self, caller: int, company: int, day: date, moment: int) -> None:
        known = self.known[company]
        known.attempts, known.was_called = known.attempts + 1, True
        self.support.prepare(caller, company, day)
        outcome = self._outcome(caller, known.attempts, day)
        at = self.setting.at(day, moment // 3600, moment // 60 % 60, moment % 60)
        deal = self._warm(caller, company, day, outcome) if outcome in {"warm", "meeting"} else None
        notes = self.setting.words.call_notes.get(outcome, ("",))
        note = self.support.dice.one_of(notes)
        contact = self.contact_of[company]
        self.calls.append(CallRow(at, self._seconds(outcome), caller, company, contact, outcome, note, deal))
        if deal is None:
            self._plan_next(caller, company, day, outcome)
        if outcome in {"information", "call_back"}:
            self.support.help_after(caller, company, at, outcome)

    def _outcome(self, caller: int, attempts: int, day: date) -> str:
        dice = self.support.dice
        if not dice.happens(calibration.REACHED):
            return dice.weighted(calibration.UNREACHED)
        by_attempt = calibration.SUCCESS_BY_ATTEMPT[min(attempts, len(calibration.SUCCESS_BY_ATTEMPT)) - 1]
        by_month = (calibration.SUCCESS_BY_MONTH[day.month] / calibration.SUCCESS_OVERALL) ** calibration.MONTH_WEIGHT
        season = calibration.SEASON[day.month] ** 0.3
        if dice.happens(by_attempt * calibration.STRANGERS * by_month * season * self.people[caller].traits.skill):
            return "meeting" if dice.happens(calibration.MEETING_SHARE) else "warm"
        return dice.weighted(calibration.OTHERWISE)

    def _seconds(self, outcome: str) -> int:
        dice = self.support.dice
        if outcome in {"warm", "meeting"}:
            return dice.decile(calibration.SECONDS_OF_YES)
        if outcome in {"refused", "call_back", "information"}:
            return dice.decile(calibration.SECONDS_OF_NO)
        return dice.between(20, 70) if outcome == "gatekeeper" else dice.between(0, 30)

    def _plan_next(self, caller: int, company: int, day: date, outcome: str) -> None:
        known = self.known[company]
        days = RECALL_DAYS.get(outcome)
        if days is None or known.attempts >= calibration.ATTEMPTS:
            days, known.attempts = calibration.REST_DAYS, 0
        known.reserved_for = caller if outcome in {"call_back", "information"} and known.attempts else None
        self._queue(company, day + self.support.dice.days(days))

    def _queue(self, company: int, on: date) -> None:
        self.known[company].due_on = on
        heapq.heappush(self.queues[self.companies[company].direction], (on, company))

    # Deals

    def _warm(self, caller: int, company: int, day: date, outcome: str) -> int:
        stages = ("new", "engaged") if outcome == "meeting" else ("new",)
        seller = self._seller(company, day, ACTIVE)
        self._hold(company, caller, "telesales", day)
        return self._open(Opening(company, seller, day, stages, warmed_by=caller))

    def _answer_requests(self, day: date) -> None:
        expected = calibration.INBOUND_PER_DAY * self.setting.size * calibration.SEASON[day.month]
        dice = self.support.dice
        while dice.happens(min(expected, 1.0)):
            expected -= 1.0
            company = dice.between(0, len(self.companies) - 1)
            known = self.known[company]
            if known.state == FREE and known.busy_until < day and self.companies[company].entered_on <= day:
                self._open(Opening(company, self._seller(company, day, INBOUND), day))

    def _seller(self, company: int, day: date, departments: frozenset[int]) -> int:
        direction = self.companies[company].direction
        there = sellers_on(self.people, day, departments=departments) or sellers_on(
            self.people, day, departments=ACTIVE | INBOUND
        )
        fitting = [(number, place) for number, place in there if place.direction == direction] or there
        return self.support.dice.weighted([(number, self.people[number].traits.pace) for number, _place in fitting])

    def _open(self, opening: Opening) -> int:
        """Open the deal; the company leaves the list until the deal is lost and forgotten."""
        known = self.known[opening.company]
        known.state, known.attempts, known.reserved_for = BUSY, 0, None
        deal = self.maker.deal(opening)
        self._hold(opening.company, opening.seller, "hunter", opening.on)
        if deal.stage == "won":
            known.state = CLIENT
        elif deal.stage == "lost":
            self._let_go(opening.company, deal.steps[-1][1])
        self.deals.append(deal)
        self.support.work_on(len(self.deals) - 1, deal)
        return len(self.deals) - 1

    def _let_go(self, company: int, lost_on: date) -> None:
        """Nobody holds a company after a loss; it is called again months later."""
        for hold in self.holds[-2:]:
            if hold.company == company and hold.until_on is None:
                hold.until_on = lost_on
        self.known[company].state, self.known[company].busy_until = FREE, lost_on
        self._queue(company, lost_on + self.support.dice.days(AFTER_LOSS_DAYS))

    def _hold(self, company: int, person: int, kind: str, day: date) -> None:
        self.holds.append(Hold(company, person, kind, day))
