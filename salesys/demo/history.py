"""The past of the people whom published files lack: cold calls, warm contacts behind real deals, care for real clients.

Nothing here makes a deal or a payment: whatever was sold stands in the files. A warm contact is a call that could have come
before a deal of the files on the day on which that deal began.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from salesys.demo import calibration
from salesys.demo.floor import Company, Floor, Hold
from salesys.demo.rows import CallRow

WARM_A_DAY = 0.45
"""Chance of a telesales person to have a warm contact on a day, as in the made-up department."""
EARLIER_CALLS = ((0, 0.35), (1, 0.3), (2, 0.2), (3, 0.15))
EARLIER_OUTCOMES = (*calibration.UNREACHED[:3], ("call_back", 0.3))
EARLIER_DAYS = (1, 8)
CARE_OUTCOMES = (("information", 0.62), ("call_back", 0.2), ("no_answer", 0.18))
CARE_EVERY = (24, 55)


@dataclass(frozen=True, slots=True)
class Opening:
    """A deal of the files: indexes of deal, company and direction, and the day of the call that it could have come of.

    `outcome` is what the call ended with: a meeting where the deal began with one.
    """

    deal: int
    company: int
    direction: int
    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Care:
    """A client of the files in the care of somebody from a day on."""

    company: int
    person: int
    from_on: date


class ColdFloor(Floor):
    """A floor on which nobody says yes; `known` are the leads, `companies` the leads and behind them those of the files."""

    __slots__ = ()

    def know(self, leads: int) -> None:
        """Only the leads are called in turn; none has been called yet."""
        self.known = [Company() for _lead in range(leads)]

    def call_since(self, since: date) -> None:
        """Live through every working day from a date on."""
        for number, _known in enumerate(self.known):
            due_on = max(self.companies[number].entered_on, since) + timedelta(days=number % 60)
            self.queues.setdefault(self.companies[number].direction, []).append((due_on, number))
        for queue in self.queues.values():
            heapq.heapify(queue)
        for day in self.days_since(since):
            for caller in self._callers(day):
                self._call_all_day(caller, day)

    def days_since(self, since: date) -> Sequence[date]:
        """Working days from a date on, up to the day before today."""
        return self.setting.working_days[bisect_left(self.setting.working_days, since) :]

    def _outcome(self, caller: int, attempts: int, day: date) -> str:
        dice = self.support.dice
        return dice.weighted(calibration.OTHERWISE if dice.happens(calibration.REACHED) else calibration.UNREACHED)

    def warm_up(self, openings: Sequence[Opening]) -> list[Hold]:
        """The calls and the card before some of the deals; the first caller of each company holds it from then on."""
        by_day: dict[tuple[date, int], list[Opening]] = {}
        for opening in openings:
            by_day.setdefault((opening.on, opening.direction), []).append(opening)
        holders: dict[int, Hold] = {}
        dice = self.setting.dice("warm contacts")
        for day in self.days_since(min((opening.on for opening in openings), default=self.setting.today)):
            for caller, direction in self._places(day):
                waiting = by_day.get((day, direction), [])
                if waiting and dice.happens(WARM_A_DAY * self.people[caller].traits.skill):
                    opening = waiting.pop(dice.between(0, len(waiting) - 1))
                    self._come_to_meeting(caller, opening)
                    holders.setdefault(opening.company, Hold(opening.company, caller, "telesales", day))
        return list(holders.values())

    def _places(self, day: date) -> list[tuple[int, int]]:
        places = ((number, person.place_on(day)) for number, person in enumerate(self.people))
        return [
            (number, place.direction)
            for number, place in places
            if place is not None and place.role == "telesales" and place.direction is not None
        ]

    def _come_to_meeting(self, caller: int, opening: Opening) -> None:
        dice, days = self.support.dice, self.setting.working_days
        place = bisect_left(days, opening.on)
        earlier = sorted(max(0, place - dice.between(*EARLIER_DAYS)) for _call in range(dice.weighted(EARLIER_CALLS)))
        self.support.prepare(caller, opening.company, days[min([*earlier, place])])
        for before in earlier:
            self._note_call(caller, opening.company, days[before], dice.weighted(EARLIER_OUTCOMES))
        self._note_call(caller, opening.company, opening.on, opening.outcome, deal=opening.deal)

    def _note_call(
        self, person: int, company: int, on: date, outcome: str, *, deal: int | None = None, is_care: bool = False
    ) -> None:
        dice, words = self.support.dice, self.setting.words
        at = self.setting.at(on, dice.between(9, 17), dice.between(0, 59), dice.between(0, 59))
        note = dice.one_of(words.service_notes if is_care and outcome == "information" else words.call_notes.get(outcome, ("",)))
        contact = self.contact_of[company]
        self.calls.append(CallRow(at, self._seconds(outcome), person, company, contact, outcome, note, deal))

    def care(self, clients: Sequence[Care]) -> None:
        """Calls of client and VIP managers to those in their care."""
        dice = self.setting.dice("care")
        for client in clients:
            on = client.from_on + dice.days(CARE_EVERY)
            while (day := self.setting.next_working_day(on, least=0)) < self.setting.today:
                self._note_call(client.person, client.company, day, dice.weighted(CARE_OUTCOMES), is_care=True)
                on = day + dice.days(CARE_EVERY)
