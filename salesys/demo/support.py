"""The work around calls and deals: cards and letters of assistants, meetings and papers of sellers."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta

from salesys.demo.rows import CallRow, CardRow, CompanyRow, DealRow, PairRow, Person, TaskRow
from salesys.demo.setting import Dice, Setting

CARD_IS_FRESH = timedelta(days=180)
LETTER_SHARE = 0.55
SELLERS_CALL_SHARE = 0.6


class Support:
    """Collects tasks, cards and the calls of sellers."""

    def __init__(
        self, setting: Setting, people: tuple[Person, ...], pairs: tuple[PairRow, ...], companies: tuple[CompanyRow, ...]
    ) -> None:
        self.setting, self.people, self.companies = setting, people, companies
        self.dice: Dice = setting.dice("floor")
        self.assistant_of = {pair.telesales: pair.assistant for pair in pairs}
        self.tasks: list[TaskRow] = []
        self.cards: list[CardRow] = []
        self.calls: list[CallRow] = []
        self.carded_on: dict[int, date] = {}
        self.deciders: dict[int, str] = {}
        self.contact_of: dict[int, int] = {}

    def prepare(self, caller: int, company: int, day: date) -> None:
        """A fresh card, one working day before the call, unless there is one."""
        fresh_until = self.carded_on.get(company, date.min.replace(year=1900)) + CARD_IS_FRESH
        assistant = self.assistant_of.get(caller)
        place = bisect_left(self.setting.working_days, day)
        if fresh_until > day or assistant is None or place == 0:
            return
        prepared_on = self.setting.working_days[place - 1]
        at = self._moment(prepared_on)
        asked_at = at - timedelta(hours=self.dice.between(1, 6))
        self._research((caller, assistant), company, (asked_at, at), "research")

    def help_after(self, caller: int, company: int, at: datetime, outcome: str) -> None:
        """What a conversation asks of the assistant: a question to answer, or material to send."""
        assistant = self.assistant_of.get(caller)
        if assistant is None:
            return
        done_on = self.setting.next_working_day(at.date())
        done_at = self._moment(done_on) if done_on < self.setting.today else None
        if outcome == "information":
            self._research((caller, assistant), company, (at, done_at), "details")
        elif self.dice.happens(LETTER_SHARE):
            title = self._title("letter", company)
            self.tasks.append(TaskRow("letter", title, "", "", caller, assistant, company, at, done_on, done_at))

    def _research(self, pair: tuple[int, int], company: int, times: tuple[datetime, datetime | None], what: str) -> None:
        (caller, assistant), (asked_at, done_at) = pair, times
        words = self.setting.words
        row = self.companies[company]
        due_on = done_at.date() if done_at else self.setting.next_working_day(asked_at.date())
        brief = self._brief(row) if done_at else ""
        request = self.dice.one_of(words.requests) if what == "details" else ""
        self.tasks.append(
            TaskRow("research", self._title(what, company), request, brief, caller, assistant, company, asked_at, due_on, done_at)
        )
        if done_at is None:
            return
        self.carded_on[company] = done_at.date()
        needs, sources = self.dice.one_of(words.needs), self.dice.one_of(words.card_sources)
        decider = self.deciders.get(company, "")
        self.cards.append(CardRow(company, len(self.tasks) - 1, assistant, brief, decider, needs, sources, done_at.date()))

    def _brief(self, company: CompanyRow) -> str:
        pattern = self.dice.one_of(self.setting.words.briefs)
        area = self.dice.between(4, 60) * (100 if self.setting.language == "ru" else 1000)
        return pattern.format(employees=company.employees, city=company.city, year=company.founded_year, area=area)

    def work_on(self, number: int, deal: DealRow) -> None:
        """Meetings, follow-ups and papers that a deal brought its seller, and what is to be done next."""
        for stage, on in deal.steps:
            kind = {"engaged": "meeting", "proposal": "follow_up", "won": "documents"}.get(stage)
            if kind is not None:
                at = self._moment(on)
                title = self._title(kind, deal.company)
                self.tasks.append(
                    TaskRow(kind, title, "", "", deal.seller, deal.seller, deal.company, at - timedelta(hours=3), on, at)
                )
            if stage == "proposal" and self.dice.happens(SELLERS_CALL_SHARE):
                self._call_of_seller(number, deal, on)
        if deal.next_step_on is not None:
            kind = "meeting" if deal.stage == "engaged" else "follow_up"
            at = self._moment(deal.steps[-1][1])
            title, request = self._title(kind, deal.company), deal.next_step
            self.tasks.append(
                TaskRow(kind, title, request, "", deal.seller, deal.seller, deal.company, at, deal.next_step_on, None)
            )

    def _call_of_seller(self, number: int, deal: DealRow, on: date) -> None:
        outcome = self.dice.weighted((("information", 0.5), ("call_back", 0.3), ("no_answer", 0.2)))
        seconds = self.dice.between(120, 900) if outcome != "no_answer" else 25
        note = self.dice.one_of(self.setting.words.call_notes.get(outcome, ("",)))
        contact = self.contact_of[deal.company]
        self.calls.append(CallRow(self._moment(on), seconds, deal.seller, deal.company, contact, outcome, note, number))

    def _title(self, kind: str, company: int) -> str:
        return self.setting.words.tasks[kind].format(company=self.companies[company].name)

    def _moment(self, on: date) -> datetime:
        return self.setting.at(on, self.dice.between(9, 17), self.dice.between(0, 59))
