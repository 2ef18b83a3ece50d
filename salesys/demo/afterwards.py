"""What happens to clients after the first deal: who takes them over, what they order again, and who leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from salesys.demo.calibration import REPEAT_PER_MONTH, SEASON, TAKEOVER_SHARE
from salesys.demo.deals import Opening
from salesys.demo.floor import CLIENT, Floor, Hold
from salesys.demo.rows import DealRow, Person
from salesys.demo.setting import Dice, Setting

TAKEOVER_DAYS = (32, 60)
FIRST_REPEAT_DAYS = (45, 90)
KEY_CLIENTS = 2
KEY_MONTHS = 1
KEY_AMOUNT = 7_200_000
ALONE_FROM = timedelta(days=10)


class Afterwards:
    """Adds to a floor that has been run."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.setting = floor, floor.setting
        self.dice: Dice = floor.setting.dice("afterwards")
        self.turn = 0

    def run(self) -> None:
        """Client department, VIP managers and repeated orders for every client that was won."""
        _seller, kept = key_companies(self.floor)
        for deal in [deal for deal in self.floor.deals if deal.stage == "won" and deal.company not in kept]:
            self._live_on(deal)

    def _live_on(self, deal: DealRow) -> None:
        won_on = deal.steps[-1][1]
        holder, from_on = self._taker(deal, won_on)
        if holder is not None:
            kind = "vip" if self.floor.companies[deal.company].is_corporate else "account_manager"
            self.floor.holds.append(Hold(deal.company, holder, kind, from_on))
        on = won_on + self.dice.days(FIRST_REPEAT_DAYS)
        while on < self.setting.today:
            seller = holder if holder is not None and on >= from_on else deal.seller
            if self._serves(seller, on) and self.dice.happens(REPEAT_PER_MONTH * SEASON[on.month]):
                again = self.floor.maker.deal(Opening(deal.company, seller, self._working(on), is_repeat=True))
                self.floor.deals.append(again)
                self.floor.support.work_on(len(self.floor.deals) - 1, again)
            on += timedelta(days=30)

    def _working(self, on: date) -> date:
        return min(self.setting.next_working_day(on, least=0), self.setting.working_days[-1])

    def _taker(self, deal: DealRow, won_on: date) -> tuple[int | None, date]:
        """Who takes the client over, and when; nobody when the hunter keeps it."""
        company = self.floor.companies[deal.company]
        role = "vip_manager" if company.is_corporate else "client_manager"
        from_on = won_on if company.is_corporate else won_on + self.dice.days(TAKEOVER_DAYS)
        stays = not company.is_corporate and not self.dice.happens(TAKEOVER_SHARE)
        if stays or from_on >= self.setting.today:
            return None, from_on
        there = [number for number in self._with_role(role, from_on) if number != deal.seller]
        self.turn += 1
        return (there[self.turn % len(there)] if there else None), from_on

    def _with_role(self, role: str, on: date) -> list[int]:
        places = ((number, person.place_on(on)) for number, person in enumerate(self.floor.people))
        return [number for number, place in places if place is not None and place.role == role]

    def _serves(self, number: int, on: date) -> bool:
        place = self.floor.people[number].place_on(on)
        return place is not None and place.role in {"seller", "client_manager", "vip_manager"}


def key_companies(floor: Floor) -> tuple[int, list[int]]:
    """The seller on whom much hangs, and the companies that are reserved for that."""
    seller = next(number for number, person in enumerate(floor.people) if person.plays == "key_client")
    direction = floor.people[seller].places[0].direction
    ranked = sorted(
        (number for number, company in enumerate(floor.companies) if company.direction == direction),
        key=lambda number: (-floor.companies[number].employees, number),
    )
    return seller, ranked[:KEY_CLIENTS]


def add_key_clients(floor: Floor) -> None:
    """Two large clients that one person alone has won and keeps: they order every quarter. Call it before the floor runs."""
    seller, companies = key_companies(floor)
    dice = floor.setting.dice("key clients")
    days = floor.setting.working_days
    scale = max(0.15, min(1.0, floor.setting.size)) ** 0.8
    for turn, company in enumerate(companies):
        floor.known[company].state = CLIENT
        floor.holds.append(Hold(company, seller, "hunter", days[5 + turn]))
        place, product = 5 + turn, 0
        while place + 40 < len(days):
            steps = tuple((stage, days[place + offset]) for stage, offset in _key_steps())
            amount = floor.setting.money(dice.around(KEY_AMOUNT * scale, 0.18))
            title = f"{floor.setting.words.products[product]} · {floor.companies[company].name}"
            deal = DealRow(title, company, product, seller, None, amount, steps, "", "", None, None)
            floor.deals.append(deal)
            floor.support.work_on(len(floor.deals) - 1, deal)
            place, product = place + 21 * KEY_MONTHS, 1 - product


def _key_steps() -> Iterator[tuple[str, int]]:
    return zip(("new", "engaged", "proposal", "contract", "won"), (0, 3, 9, 18, 24), strict=True)


def hand_over(floor: Floor) -> None:
    """Clients and open deals of people who left go to colleagues of the same direction."""
    for number, person in enumerate(floor.people):
        if person.dismissed_on is not None:
            heir = _heir(floor.setting, floor.people, number, person)
            _hand_over_holds(floor, number, heir, person.dismissed_on)
            _hand_over_deals(floor, number, heir, person.dismissed_on)


def _heir(setting: Setting, people: tuple[Person, ...], leaver: int, person: Person) -> int:
    on = person.dismissed_on or setting.today
    last = person.places[-1]
    places = {
        number: other.place_on(on) for number, other in enumerate(people) if number != leaver and other.plays != "residuals"
    }
    there = {number: place for number, place in places.items() if place is not None and place.role == last.role}
    fitting = [number for number, place in there.items() if place.direction == last.direction]
    return (fitting or list(there))[0]


def _hand_over_holds(floor: Floor, leaver: int, heir: int, on: date) -> None:
    for hold in [hold for hold in floor.holds if hold.person == leaver and (hold.until_on is None or hold.until_on > on)]:
        if hold.from_on >= on:
            hold.person = heir
            continue
        floor.holds.append(Hold(hold.company, heir, hold.kind, on, hold.until_on))
        hold.until_on = on


def _hand_over_deals(floor: Floor, leaver: int, heir: int, on: date) -> None:
    for number, deal in enumerate(floor.deals):
        if deal.seller == leaver and (deal.closed_on is None or deal.closed_on > on):
            floor.deals[number] = deal.given_to(heir)
