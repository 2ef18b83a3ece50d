"""Opportunities as deals: which steps they took, on which dates, for how much, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from salesys.intake.files import Line
from salesys.intake.repairs import Findings, Names
from salesys.intake.rows import DealStage, OpportunityRow
from salesys.kernel.money import ZERO

STAGES = {
    DealStage.PROSPECTING: ("new",),
    DealStage.ENGAGING: ("new", "engaged"),
    DealStage.WON: ("new", "engaged", "won"),
    DealStage.LOST: ("new", "engaged", "lost"),
}
"""Stages that an opportunity has gone through; proposals and contracts are not told apart in the files."""

UNFINISHED = {DealStage.WON: ("new", "engaged", "contract"), DealStage.LOST: ("new", "engaged")}
"""Stages of a closed opportunity that lacks what closing takes: it stays open."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage and the date on which it was reached."""

    stage: str
    on: date


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal to be loaded: `amount` is what was expected or, when won, what was agreed, without tax."""

    line: Line
    key: str
    agent: str
    product: str | None
    account: str | None
    steps: tuple[Step, ...]
    amount: Decimal
    closed_on: date | None

    @property
    def stage(self) -> str:
        """The last stage reached."""
        return self.steps[-1].stage

    @property
    def is_won(self) -> bool:
        """Whether it became a contract."""
        return self.stage == "won"


@dataclass(frozen=True, slots=True)
class OpportunityReader:
    """Reads opportunities against the other files.

    `prices` are list prices by product name: what an opportunity without a value is expected to bring. `undated_on` is the
    date of a deal that has none, before `shift` is added, as it is to every date. `findings` collects what was repaired or
    left open.
    """

    prices: Mapping[str, Decimal]
    products: Names
    agents: Names
    accounts: Names
    undated_on: date
    shift: timedelta
    findings: Findings

    def read(self, rows: Iterable[OpportunityRow]) -> tuple[Opportunity, ...]:
        """Deals in the order of the file; a row whose number was there before, or whose seller nobody knows, is only listed."""
        first: dict[str, int] = {}
        found: list[Opportunity] = []
        for row in rows:
            if row.key in first:
                problem = _("The opportunity is in line %d already; this row was not loaded.") % first[row.key]
                remedy = _("Give it a number of its own, or dismiss it.")
                self.findings.listed(row.line, "opportunity_id", "doubled_id", problem, remedy=remedy)
            elif (opportunity := self._opportunity(row)) is not None:
                found.append(opportunity)
            first.setdefault(row.key, row.line.number)
        return tuple(found)

    def _opportunity(self, row: OpportunityRow) -> Opportunity | None:
        """The deal, or None when the row can only be listed."""
        agent = self.agents.find(row.line, "sales_agent", self.findings)
        if agent is None:
            problem = _("There is no such seller in %s; this row was not loaded.") % "sales_teams.csv"
            self.findings.listed(
                row.line, "sales_agent", "unknown_agent", problem, remedy=_("Add the seller there and load again.")
            )
            return None
        product = self._known(row.line, "product", self.products, _("There is no product of this name."))
        account = self._known(row.line, "account", self.accounts, _("There is no account of this name."))
        steps = self._steps(row, account)
        closed_on = steps[-1].on if steps[-1].stage in {"won", "lost"} else None
        amount = row.value or (self.prices[product] if product else ZERO)
        return Opportunity(row.line, row.key, agent, product, account, steps, amount, closed_on)

    def _known(self, line: Line, column: str, names: Names, unknown: str) -> str | None:
        found = names.find(line, column, self.findings)
        if found is None:
            problem = unknown if line.values[column] else _("The value is empty; the deal was loaded without it.")
            code = f"unknown_{column}" if line.values[column] else f"no_{column}"
            self.findings.listed(line, column, code, problem, remedy=_("Choose it on the deal's page."))
        return found

    def _steps(self, row: OpportunityRow, account: str | None) -> tuple[Step, ...]:
        closed_on = row.closed_on if row.stage in UNFINISHED else None
        opened_on = self._opened_on(row, closed_on)
        codes = STAGES[row.stage]
        if row.stage in UNFINISHED and self._lacks(row, account):
            codes, closed_on = UNFINISHED[row.stage], None
        elif row.stage not in UNFINISHED and row.closed_on is not None:
            problem = _("An open deal has a closing date; the date was left out.")
            self.findings.listed(
                row.line, "close_date", "open_with_close_date", problem, remedy=_("Close the deal if it is over.")
            )
        dates = [closed_on if closed_on and code in {"won", "lost"} else opened_on for code in codes]
        return tuple(Step(code, on + self.shift) for code, on in zip(codes, dates, strict=True))

    def _opened_on(self, row: OpportunityRow, closed_on: date | None) -> date:
        if row.engaged_on is None:
            found = closed_on or self.undated_on
            problem = _("The deal has no date; the day of its end or, while it is open, of the newest entry was taken: %s.") % (
                found + self.shift
            )
            self.findings.noted(row.line, "engage_date", "no_date", problem)
            return found
        if closed_on is not None and closed_on < row.engaged_on:
            problem = _("The deal ended before it began; the day of its end was taken for both.")
            self.findings.listed(row.line, "close_date", "closed_before_engaged", problem, remedy=_("Correct the deal's dates."))
            return closed_on
        return row.engaged_on

    def _lacks(self, row: OpportunityRow, account: str | None) -> bool:
        """Whether something is missing that closing takes; it is listed, and the deal stays open."""
        missing = ["close_date"] if row.closed_on is None else []
        if row.stage is DealStage.WON:
            missing += ["account"] if account is None else []
            missing += ["close_value"] if not row.value else []
        if missing:
            problem = _("A closed deal lacks %s; it was kept open.") % ", ".join(missing)
            self.findings.listed(
                row.line, missing[0], "cannot_be_closed", problem, remedy=_("Fill it in and close the deal by hand.")
            )
        return bool(missing)
