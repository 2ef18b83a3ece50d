"""What the generator makes: plain values that refer to each other by position, so that no database is needed.

An index is a position in the tuple of its kind: `company` in a call is a position in `Department.companies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person stands on the dates `[from_on, until_on)`: indexes of department, direction and manager."""

    department: int
    role: str
    direction: int | None
    manager: int | None
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes one person's figures differ from another's; 1 is average.

    `skill` moves chances, `size` amounts, `pace` the number of dials or deals. `hunts_until` is the date after which a
    seller takes no new clients any more and lives on the old ones.
    """

    skill: float = 1.0
    size: float = 1.0
    pace: float = 1.0
    hunts_until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here; `key` names the part that a person plays, for logins and tests."""

    key: str
    name: str
    email: str
    hired_on: date
    places: tuple[Place, ...]
    traits: Traits = Traits()
    dismissed_on: date | None = None
    plays: str = ""

    def place_on(self, on: date) -> Place | None:
        """The place on a date; None before the hiring and after the dismissal."""
        if self.dismissed_on is not None and on >= self.dismissed_on:
            return None
        return next(
            (place for place in self.places if place.from_on <= on and (place.until_on is None or on < place.until_on)), None
        )


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department; `parent` is an index."""

    key: str
    name: str
    kind: str
    parent: int | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A telesales person and the assistant from a date on."""

    telesales: int
    assistant: int
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product; `months` is how many monthly payments a contract has, 1 for one at once."""

    name: str
    category: str
    price: Decimal
    cost_rate: Decimal
    months: int
    is_first: bool


class CompanyRow(NamedTuple):
    """A company; `entered_on` is the day on which its base was loaded."""

    name: str
    industry: int
    direction: int
    city: str
    time_zone: str
    website: str
    founded_year: int
    employees: int
    revenue: Decimal
    is_corporate: bool
    source: str
    entered_on: date

    def placed(self, *, direction: int, industry: int, source: str) -> CompanyRow:
        """The same company in another market."""
        return self._replace(direction=direction, industry=industry, source=source)


class ContactRow(NamedTuple):
    """A person at a company."""

    company: int
    name: str
    position: str
    phone: str
    email: str
    decides: bool


class CallRow(NamedTuple):
    """A call; `deal` is the deal that came of it or that it was about."""

    at: datetime
    seconds: int
    person: int
    company: int
    contact: int
    outcome: str
    note: str
    deal: int | None


class TaskRow(NamedTuple):
    """A task; open when `done_at` is None."""

    kind: str
    title: str
    request: str
    result: str
    author: int | None
    assignee: int
    company: int | None
    created_at: datetime
    due_on: date
    done_at: datetime | None


class CardRow(NamedTuple):
    """A research card that came of a task."""

    company: int
    task: int
    author: int
    brief: str
    decision_maker: str
    needs: str
    sources: str
    prepared_on: date


class DealRow(NamedTuple):
    """A deal with its steps `(stage, date)` in order."""

    title: str
    company: int
    product: int
    seller: int
    warmed_by: int | None
    amount: Decimal
    steps: tuple[tuple[str, date], ...]
    lost_reason: str
    next_step: str
    next_step_on: date | None
    expected_on: date | None

    def given_to(self, seller: int) -> DealRow:
        """The same deal with another seller."""
        return self._replace(seller=seller)

    @property
    def stage(self) -> str:
        """The last stage reached."""
        return self.steps[-1][0]

    @property
    def opened_on(self) -> date:
        """The first step."""
        return self.steps[0][1]

    @property
    def closed_on(self) -> date | None:
        """The last step of a deal that is over."""
        return self.steps[-1][1] if self.stage in {"won", "lost"} else None


class ContractRow(NamedTuple):
    """A contract of a won deal; amounts without VAT."""

    number: str
    deal: int
    signed_on: date
    due_on: date
    amount: Decimal
    direct_cost: Decimal | None

    def due_by(self, on: date) -> ContractRow:
        """The same contract, due on another day."""
        return self._replace(due_on=on)


class PaymentRow(NamedTuple):
    """A payment; `amount` with VAT. A refund is negative and names its payment by index."""

    reference: str
    contract: int
    paid_on: date
    amount: Decimal
    amount_without_vat: Decimal
    refund_of: int | None


class HoldRow(NamedTuple):
    """Who holds which relationship with a company on `[from_on, until_on)`."""

    company: int
    person: int
    kind: str
    from_on: date
    until_on: date | None


class EntryRow(NamedTuple):
    """A company's place on the call list of its direction."""

    company: int
    contact: int
    state: str
    priority: int
    attempts: int
    not_before: datetime | None
    reserved_for: int | None


@dataclass(frozen=True, slots=True)
class Department:
    """All of it."""

    departments: tuple[DepartmentRow, ...]
    directions: tuple[str, ...]
    industries: tuple[str, ...]
    people: tuple[Person, ...]
    pairs: tuple[PairRow, ...]
    products: tuple[ProductRow, ...]
    companies: tuple[CompanyRow, ...]
    contacts: tuple[ContactRow, ...]
    calls: tuple[CallRow, ...]
    tasks: tuple[TaskRow, ...]
    cards: tuple[CardRow, ...]
    deals: tuple[DealRow, ...]
    contracts: tuple[ContractRow, ...]
    payments: tuple[PaymentRow, ...]
    holds: tuple[HoldRow, ...]
    entries: tuple[EntryRow, ...]
