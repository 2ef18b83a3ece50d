"""Contracts of won deals, what was paid on them and when, and what went back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from salesys.demo.calibration import EXPLICIT_COST_SHARE, LATE_SHARE, LOSS_SHARE, REFUND_SHARE, UNPAID_SHARE
from salesys.demo.rows import ContractRow, DealRow, PaymentRow, ProductRow
from salesys.demo.setting import Setting
from salesys.kernel.allocation import allocate_money
from salesys.kernel.money import ZERO, round_money, without_vat
from salesys.kernel.periods import Month

HALVES_SHARE = 0.55
LATE_DAYS = (9, 55)
REFUND_DAYS = (6, 40)


@dataclass(frozen=True, slots=True)
class _Money:
    """Money that came or went; `of` is the position of the payment that it gives back."""

    on: date
    contract: int
    net: Decimal
    of: int | None = None


@dataclass(slots=True)
class Cash:
    """Collects contracts and payments."""

    setting: Setting
    products: tuple[ProductRow, ...]
    contracts: list[ContractRow] = field(default_factory=list)
    moved: list[_Money] = field(default_factory=list)

    def collect(self, deals: list[DealRow]) -> None:
        """Everything that won deals have brought until today."""
        dice = self.setting.dice("cash")
        slow = dice.random.random
        won = sorted(((deal.steps[-1][1], number) for number, deal in enumerate(deals) if deal.stage == "won"))
        of_year: dict[int, int] = {}
        for signed_on, number in won:
            of_year[signed_on.year] = of_year.get(signed_on.year, 0) + 1
            name = f"NV-{signed_on.year}-{of_year[signed_on.year]:04d}"
            self._sign(deals[number], number, signed_on, name)
            self._collect_on(len(self.contracts) - 1, deals[number], is_late=slow() < LATE_SHARE)

    def _sign(self, deal: DealRow, number: int, signed_on: date, name: str) -> None:
        dice_value = (number * 7919 % 1000) / 1000
        cost = None
        rate = self.products[deal.product].cost_rate
        if dice_value < LOSS_SHARE:
            cost = round_money(deal.amount * Decimal("1.12"))
        elif dice_value < EXPLICIT_COST_SHARE:
            cost = round_money(deal.amount * rate * Decimal("1.06"))
        self.contracts.append(ContractRow(name, number, signed_on, signed_on, deal.amount, cost))
        *_earlier, (last_due_on, _amount) = self._schedule(len(self.contracts) - 1, deal)
        self.contracts[-1] = self.contracts[-1].due_by(last_due_on)

    def _collect_on(self, contract: int, deal: DealRow, *, is_late: bool) -> None:
        dice = self.setting.dice(f"cash/{contract}")
        for due_on, net in self._schedule(contract, deal):
            if dice.happens(UNPAID_SHARE):
                return
            delay = dice.days(LATE_DAYS) if is_late and dice.happens(0.6) else dice.days((-2, 4))
            paid_on = max(due_on + delay, self.contracts[contract].signed_on)
            if paid_on >= self.setting.today:
                return
            self.moved.append(_Money(paid_on, contract, net))
            self._give_back(len(self.moved) - 1)

    def _schedule(self, contract: int, deal: DealRow) -> Iterator[tuple[date, Decimal]]:
        signed_on = self.contracts[contract].signed_on
        months = self.products[deal.product].months
        if months > 1:
            parts = allocate_money(deal.amount, [Decimal(1)] * months)
            for number, part in enumerate(parts):
                month = Month.of(signed_on).plus(number)
                yield min(month.first + timedelta(days=signed_on.day + 6), month.plus(1).last), part
            return
        if self.setting.dice(f"halves/{contract}").happens(HALVES_SHARE):
            first, second = allocate_money(deal.amount, [Decimal(1), Decimal(1)])
            yield signed_on + timedelta(days=4), first
            yield signed_on + timedelta(days=34), second
        else:
            yield signed_on + timedelta(days=13), deal.amount

    def _give_back(self, number: int) -> None:
        dice = self.setting.dice(f"refund/{number}")
        if not dice.happens(REFUND_SHARE):
            return
        paid = self.moved[number]
        on = paid.on + dice.days(REFUND_DAYS)
        if on < self.setting.today:
            share = Decimal(1) if dice.happens(0.35) else Decimal(dice.between(20, 60)) / 100
            self.moved.append(_Money(on, paid.contract, -round_money(paid.net * share), of=number))

    def payments(self) -> tuple[PaymentRow, ...]:
        """In the order of their dates, with VAT, each refund naming its payment by position."""
        order = sorted(range(len(self.moved)), key=lambda number: (self.moved[number].on, number))
        place = {number: at for at, number in enumerate(order)}
        return tuple(self._payment(at, self.moved[number], place) for at, number in enumerate(order))

    def _payment(self, at: int, money: _Money, place: dict[int, int]) -> PaymentRow:
        vat_rate = self.setting.words.vat_rate
        amount = round_money(money.net * (1 + vat_rate))
        net = without_vat(amount, vat_rate) if amount else ZERO
        of = place[money.of] if money.of is not None else None
        return PaymentRow(f"NV-{at + 1:06d}", money.contract, money.on, amount, net, of)
