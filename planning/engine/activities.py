"""The stages of the funnel as countable daily work, and how each follows from the one below it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, unique


@unique
class Activity(IntEnum):
    """A countable piece of work; the codes are stored and never change, larger is closer to the money."""

    RESEARCH_CARDS = 1
    LETTERS = 2
    DIALS = 3
    CONVERSATIONS = 4
    WARM_CONTACTS = 5
    MEETINGS = 6
    PROPOSALS = 7
    DEALS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """How the need for `activity` follows from the need for `serves`.

    `rate` is how many units of `serves` come out of one unit of `activity`, `lead_days` how many calendar days pass
    between them. `share` is the part of `serves` that comes this way at all: a client who calls by themselves needs nobody
    who calls them. The figures here stand in only where a company has measured nothing yet.
    """

    activity: Activity
    serves: Activity
    rate: Decimal
    lead_days: int
    share: Decimal = Decimal(1)


# Ordered so that each step stands after the one that it serves. A conversation may need a letter before it, a dial a
# card: these two are not chances but yields, which may exceed one.
STEPS: tuple[Step, ...] = (
    Step(Activity.PROPOSALS, Activity.DEALS, Decimal("0.300000"), 21),
    Step(Activity.MEETINGS, Activity.PROPOSALS, Decimal("0.600000"), 7),
    Step(Activity.WARM_CONTACTS, Activity.MEETINGS, Decimal("0.500000"), 7),
    Step(Activity.CONVERSATIONS, Activity.WARM_CONTACTS, Decimal("0.120000"), 1),
    Step(Activity.DIALS, Activity.CONVERSATIONS, Decimal("0.350000"), 0),
    Step(Activity.LETTERS, Activity.CONVERSATIONS, Decimal("4.000000"), 2),
    Step(Activity.RESEARCH_CARDS, Activity.DIALS, Decimal("2.500000"), 2),
)

PAYMENT_LAG_DAYS = 14
"""Days from a won deal to its payment where nothing has been measured yet."""
