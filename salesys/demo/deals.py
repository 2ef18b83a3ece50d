"""How a deal goes: stage by stage, by the seller's skill and the season, until it is won, lost, or today."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesys.demo.calibration import SEASON, STAGE_DAYS, STAGE_ODDS
from salesys.demo.rows import CompanyRow, DealRow, Person, ProductRow
from salesys.demo.setting import Setting

PRODUCTS = (
    (900_000, "0.66", 1, 0.26),
    (1_700_000, "0.70", 1, 0.18),
    (600_000, "0.25", 12, 0.16),
    (420_000, "0.45", 12, 0.16),
    (210_000, "0.58", 1, 0.10),
    (780_000, "0.40", 1, 0.14),
)
"""Price in roubles, cost rate, monthly payments, and the share of first deals; names are in the words."""
REPEATS = ((0, 0.16), (1, 0.12), (2, 0.10), (3, 0.22), (4, 0.40))
"""What clients order again: product and weight."""
CHAIN = ("new", "engaged", "proposal", "contract", "won")
REPEAT_DAYS = (2, 9)
REPEAT_ODDS = 0.91
Steps = tuple[tuple[str, date], ...]


def products_of(setting: Setting) -> tuple[ProductRow, ...]:
    """What is sold."""
    words = setting.words
    return tuple(
        ProductRow(name, category, setting.money(price), Decimal(cost), months, months == 1)
        for name, category, (price, cost, months, _share) in zip(words.products, words.categories, PRODUCTS, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """How a deal begins. `stages` are those reached on the first day."""

    company: int
    seller: int
    on: date
    stages: tuple[str, ...] = ("new",)
    warmed_by: int | None = None
    is_repeat: bool = False


class DealMaker:
    """Makes deals for people and companies that are known to it."""

    def __init__(self, setting: Setting, people: tuple[Person, ...], companies: tuple[CompanyRow, ...]) -> None:
        self.setting, self.people, self.companies = setting, people, companies
        self.dice = setting.dice("deals")
        self.products = products_of(setting)
        self.working_days = setting.working_days

    def deal(self, opening: Opening) -> DealRow:
        """The deal as it stands on the evening before today."""
        traits = self.people[opening.seller].traits
        steps = self._steps(opening, traits.skill)
        product = self._product(opening)
        amount = self._amount(opening, product, traits.size, steps[-1][1])
        words = self.setting.words
        is_open = steps[-1][0] not in {"won", "lost"}
        next_on = self._next_on(steps[-1][1]) if is_open else None
        return DealRow(
            title=f"{words.products[product]} · {self.companies[opening.company].name}",
            company=opening.company,
            product=product,
            seller=opening.seller,
            warmed_by=opening.warmed_by,
            amount=amount,
            steps=steps,
            lost_reason=self.dice.one_of(words.lost_reasons) if steps[-1][0] == "lost" else "",
            next_step=self.dice.one_of(words.next_steps[steps[-1][0]]) if is_open else "",
            next_step_on=next_on,
            expected_on=self.setting.next_working_day(self.setting.today, least=self.dice.between(5, 60)) if is_open else None,
        )

    def _next_on(self, moved_on: date) -> date:
        """The day of the next step, some of them missed already; never before the deal came where it is."""
        asked = self.setting.next_working_day(self.setting.today, least=self.dice.between(-3, 8))
        return max(asked, self.setting.next_working_day(moved_on))

    def _steps(self, opening: Opening, skill: float) -> Steps:
        found = [(stage, opening.on) for stage in opening.stages]
        on = opening.on
        for stage in CHAIN[len(opening.stages) :]:
            goes_on = self.dice.happens(self._chance(stage, skill, on, is_repeat=opening.is_repeat))
            step = stage if goes_on else "lost"
            after = self._working_day(on, REPEAT_DAYS if opening.is_repeat else STAGE_DAYS[step])
            if after is None:
                break
            found.append((step, after))
            on = after
            if not goes_on:
                break
        return tuple(found)

    def _chance(self, stage: str, skill: float, on: date, *, is_repeat: bool) -> float:
        odds = REPEAT_ODDS if is_repeat else STAGE_ODDS[stage] * skill**0.5
        return float(min(0.96, odds * SEASON[on.month] ** 0.25))

    def _working_day(self, on: date, days: tuple[int, int]) -> date | None:
        """The first working day so many days later, or None when it has not come yet."""
        place = bisect_left(self.working_days, on + self.dice.days(days))
        return self.working_days[place] if place < len(self.working_days) else None

    def _product(self, opening: Opening) -> int:
        if opening.is_repeat:
            return self.dice.weighted(REPEATS)
        is_brief = self.people[opening.seller].traits.hunts_until is not None
        shares = [
            (number, share) for number, (_price, _cost, months, share) in enumerate(PRODUCTS) if months == 1 or not is_brief
        ]
        return self.dice.weighted(shares)

    def _amount(self, opening: Opening, product: int, size: float, on: date) -> Decimal:
        company = self.companies[opening.company]
        weight = (company.employees / 85) ** 0.35 * (1.6 if company.is_corporate else 1.0)
        weight *= 0.6 if opening.is_repeat else 1.0
        return max(
            self.setting.money(self.dice.around(PRODUCTS[product][0] * weight * size * SEASON[on.month] ** 0.4, 0.35)),
            Decimal(10),
        )
