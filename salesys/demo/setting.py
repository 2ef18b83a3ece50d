"""When, how large, in which language, and the dice: everything that the made-up department depends on."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import holidays

from salesys.demo import words_en, words_files, words_ru
from salesys.demo.words import Words
from salesys.kernel.errors import invalid
from salesys.kernel.periods import Month

MONTHS_BACK = 18
COMPANIES = 3000
DAYS_AHEAD = 120
LANGUAGES = {"en": words_en.WORDS, "ru": words_ru.WORDS}
OF_FILES = {"en": words_files.ENGLISH, "ru": words_files.RUSSIAN}
SIZES = (0.01, 100.0)

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Setting:
    """`today` is the first day that has not happened: the department's history ends the day before.

    `of_files`: the department stands around published files instead of being made up whole.
    """

    today: date
    seed: int = 1
    size: float = 1.0
    language: str = "en"
    of_files: bool = False

    def __post_init__(self) -> None:
        if not SIZES[0] <= self.size <= SIZES[1]:
            raise invalid(
                "size", "There is no department of this size.", field="size", value=self.size, remedy="Choose 0.01 to 100."
            )
        if self.language not in LANGUAGES:
            raise invalid(
                "language", "There are no words for this.", field="language", value=self.language, remedy="Choose en or ru."
            )

    @property
    def words(self) -> Words:
        """The words of the language."""
        return (OF_FILES if self.of_files else LANGUAGES)[self.language]

    @property
    def start(self) -> date:
        """The first day of the history: eighteen whole months before the month of today."""
        return Month.of(self.today).plus(-MONTHS_BACK).first

    @cached_property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.words.time_zone)

    @cached_property
    def working_days(self) -> tuple[date, ...]:
        """Working days from the start to the day before today."""
        return self._calendar[: bisect_left(self._calendar, self.today)]

    @cached_property
    def _calendar(self) -> tuple[date, ...]:
        """Working days from the start to some months after today."""
        calendar = holidays.country_holidays(self.words.country)
        days = (self.start + timedelta(days=number) for number in range((self.today - self.start).days + DAYS_AHEAD))
        return tuple(day for day in days if calendar.is_working_day(day))

    def next_working_day(self, on: date, *, least: int = 1) -> date:
        """The first working day at least so many days after `on`, also some months beyond today."""
        return self._calendar[bisect_left(self._calendar, on + timedelta(days=least))]

    def at(self, on: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """An instant of a day in the company's time."""
        return datetime.combine(on, time(hour, minute, second), self.zone)

    def dice(self, purpose: str) -> Dice:
        """Dice of their own for each purpose, so that a change in one part leaves the others as they are."""
        return Dice(random.Random(f"{self.seed}/{purpose}"))

    def money(self, roubles: float, *, step: int = 10) -> Decimal:
        """An amount in the language's currency, rounded to whole steps of it."""
        return Decimal(round(roubles * float(self.words.scale) / step) * step)


@dataclass(frozen=True, slots=True)
class Dice:
    """The few kinds of chance that the generator needs."""

    random: random.Random

    def happens(self, chance: float) -> bool:
        """Whether something with this chance happens."""
        return self.random.random() < chance

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """Any of them, equally likely."""
        return things[int(self.random.random() * len(things))]

    def weighted(self, options: Sequence[tuple[Thing, float]]) -> Thing:
        """One of them by weight."""
        left = self.random.random() * sum(weight for _thing, weight in options)
        for thing, weight in options:
            left -= weight
            if left < 0:
                return thing
        return options[-1][0]

    def days(self, bounds: tuple[int, int]) -> timedelta:
        """A number of days between the bounds, both included."""
        return timedelta(days=bounds[0] + int(self.random.random() * (bounds[1] - bounds[0] + 1)))

    def between(self, lowest: int, highest: int) -> int:
        """A whole number between the bounds, both included."""
        return lowest + int(self.random.random() * (highest - lowest + 1))

    def around(self, middle: float, spread: float) -> float:
        """A positive figure around the middle; two thirds lie within a factor of e ** spread."""
        return middle * float(self.random.lognormvariate(0, spread))

    def decile(self, deciles: Sequence[int]) -> int:
        """A figure distributed as these deciles say, straight between them."""
        place = self.random.random() * (len(deciles) - 1)
        lower = int(place)
        return round(deciles[lower] + (place - lower) * (deciles[lower + 1] - deciles[lower]))
