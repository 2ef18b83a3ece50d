"""The cast: every role and kind of department, and the few people whose figures stand out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from faker import Faker

from salesys.demo.rows import DepartmentRow, PairRow, Person, Place, Traits
from salesys.demo.setting import Dice, Setting
from salesys.kernel.periods import Month

DEPARTMENTS = (
    ("management", "back_office", None),
    ("active_one", "active", "management"),
    ("active_two", "active", "management"),
    ("inbound", "inbound", "management"),
    ("interregional", "interregional", "management"),
    ("clients", "client", "management"),
    ("vip", "vip", "management"),
    ("telesales", "telesales", "management"),
    ("assistants", "assistants", "telesales"),
    ("office", "back_office", "management"),
)
DOMAIN = "example.com"
HEADS = "heads of directions"
EXISTING = 4
"""The direction of clients that are there already, after the four markets."""
SENIORITY = {"owner": 1800, "commercial_director": 1200, "industry_head": 500}
"""Days by which these were hired earlier than the others."""
QUIET_BEFORE_LEAVING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind: how many there are at full size, where, under whom, and in which directions, in turn."""

    key: str
    role: str
    department: str
    manager: str
    count: int
    directions: tuple[int | None, ...] = (None,)
    grows: bool = True


GROUPS = (
    Group("owner", "owner", "management", "", 1, grows=False),
    Group("director", "commercial_director", "management", "owner", 1, grows=False),
    Group("head", "industry_head", "active_one", "director", 2, (0, 1), grows=False),
    Group("head_two", "industry_head", "active_two", "director", 2, (2, 3), grows=False),
    Group("clients_head", "industry_head", "clients", "director", 1, (EXISTING,), grows=False),
    Group("telesales_head", "industry_head", "telesales", "director", 1, grows=False),
    Group("seller", "seller", "active_one", HEADS, 8, (0, 1)),
    Group("seller_two", "seller", "active_two", HEADS, 7, (2, 3)),
    Group("inbound", "seller", "inbound", HEADS, 3, (0, 1, 2)),
    Group("branch", "seller", "interregional", HEADS, 4, (0, 1, 2, 3)),
    Group("client_manager", "client_manager", "clients", "clients_head", 6, (EXISTING,)),
    Group("vip_manager", "vip_manager", "vip", "clients_head", 2, (EXISTING,)),
    Group("telesales", "telesales", "telesales", HEADS, 9, (0, 1, 2, 3)),
    Group("assistant", "assistant", "assistants", "telesales_head", 6),
    Group("accountant", "accountant", "office", "director", 2),
    Group("hr", "hr", "office", "owner", 1),
    Group("marketer", "marketer", "office", "director", 1),
    Group("base_manager", "base_manager", "office", "director", 1),
    Group("administrator", "administrator", "office", "owner", 1, grows=False),
)
"""Fifty-nine people at full size; one more replaces the seller who leaves."""


@dataclass(slots=True)
class _Hiring:
    """The cast while it is being put together."""

    setting: Setting
    departments: dict[str, int]
    names: Iterator[str]
    dice: Dice
    people: list[Person] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)

    def hire(self, group: Group) -> None:
        """Everyone of a group; several managers of a key share the group by direction."""
        for number in range(_count(group, self.setting.size)):
            direction = group.directions[number % len(group.directions)]
            manager = self._manager(group.manager, direction)
            place = Place(self.departments[group.department], group.role, direction, manager, self._hired_on(group))
            self._add(group.key, place, _ordinary(self.dice))

    def _manager(self, key: str, direction: int | None) -> int | None:
        """The head of the direction, or the one person of the key; the director where there is no such head."""
        heads: list[int] = [*self.numbers.get("head", ()), *self.numbers.get("head_two", ())]
        if key == HEADS and direction is not None and direction < len(heads):
            return heads[direction]
        found = self.numbers.get(key) or self.numbers.get("director")
        return found[0] if found else None

    def _hired_on(self, group: Group) -> date:
        """Managers before those who report to them."""
        return self.setting.start - timedelta(days=SENIORITY.get(group.role, 0) + self.dice.between(20, 420))

    def _add(self, group: str, place: Place, traits: Traits) -> int:
        numbers = self.numbers.setdefault(group, [])
        key = group if not numbers else f"{group}{len(numbers) + 1}"
        numbers.append(len(self.people))
        email = f"{key.replace('_', '-')}@{DOMAIN}"
        self.people.append(Person(key, next(self.names), email, place.from_on, (place,), traits))
        return numbers[-1]

    def part(self, group: str, number: int, plays: str, traits: Traits) -> None:
        """Give somebody a part to play, when the group is large enough."""
        numbers = self.numbers[group]
        if number < len(numbers):
            person = self.people[numbers[number]]
            self.people[numbers[number]] = replace(person, plays=plays, traits=traits)

    def move(self, group: str, number: int, plays: str, place: Place) -> None:
        """Let somebody stand elsewhere from a date on."""
        numbers = self.numbers[group]
        if number < len(numbers):
            person = self.people[numbers[number]]
            before = replace(person.places[-1], until_on=place.from_on)
            self.people[numbers[number]] = replace(person, plays=plays, places=(*person.places[:-1], before, place))

    def leave(self, group: str, number: int, on: date) -> None:
        """Let somebody go, and hire another for the same place a month later."""
        numbers = self.numbers[group]
        if number >= len(numbers):
            return
        person = self.people[numbers[number]]
        place = replace(person.places[-1], until_on=on)
        self.people[numbers[number]] = replace(person, plays="left", dismissed_on=on, places=(*person.places[:-1], place))
        from_on = on + timedelta(days=31)
        newcomer = self._add(group, replace(place, from_on=from_on, until_on=None), Traits(skill=0.85, pace=0.8))
        self.people[newcomer] = replace(self.people[newcomer], plays="newcomer")


def departments_of(setting: Setting) -> tuple[DepartmentRow, ...]:
    """The tree of departments, parents first."""
    numbers = {key: number for number, (key, _kind, _parent) in enumerate(DEPARTMENTS)}
    names = setting.words.departments
    far = setting.words.far_time_zone
    return tuple(
        DepartmentRow(key, names[key], kind, numbers.get(parent or ""), far if key == "interregional" else "")
        for key, kind, parent in DEPARTMENTS
    )


def support_of(setting: Setting, fake: Faker, *, directions: int) -> tuple[Person, ...]:
    """Only those whom a list of sellers and their managers lacks, for so many directions."""
    numbers = {key: number for number, (key, _kind, _parent) in enumerate(DEPARTMENTS)}
    hiring = _Hiring(setting, numbers, _names(fake), setting.dice("people"))
    for group in GROUPS:
        if group.role != "seller" and not group.key.startswith("head"):
            spread = tuple(range(directions)) if group.role == "telesales" else (None,)
            hiring.hire(replace(group, directions=spread))
    return tuple(hiring.people)


def cast_of(setting: Setting, fake: Faker) -> tuple[Person, ...]:
    """Everybody, managers before those who report to them."""
    numbers = {key: number for number, (key, _kind, _parent) in enumerate(DEPARTMENTS)}
    hiring = _Hiring(setting, numbers, _names(fake), setting.dice("people"))
    for group in GROUPS:
        hiring.hire(group)
    first = Month.of(setting.start)
    hiring.part("seller", 1, "star", Traits(skill=1.45, size=1.35, pace=1.35))
    hiring.part("seller", 2, "weak", Traits(skill=0.62, size=0.85, pace=0.75))
    hiring.part("seller_two", 1, "residuals", Traits(skill=1.7, size=1.4, pace=3.2, hunts_until=first.plus(6).first))
    hiring.part("seller_two", 0, "key_client", Traits(skill=1.1, size=1.0, pace=1.0))
    hiring.part("telesales", 1, "quick", Traits(skill=1.25, pace=1.2))
    hiring.part("telesales", 2, "slow", Traits(skill=0.7, pace=0.78))
    half = first.plus(9).first
    client = Place(numbers["clients"], "client_manager", EXISTING, hiring.numbers["clients_head"][0], half)
    hiring.move("seller", 3, "moved_to_clients", client)
    sells = Place(numbers["active_two"], "seller", 3, hiring.numbers["head_two"][-1], first.plus(11).first)
    hiring.move("telesales", 3, "became_seller", sells)
    hiring.leave("seller_two", 2, first.plus(13).first + timedelta(days=14))
    return tuple(hiring.people)


def pairs_of(people: tuple[Person, ...]) -> tuple[PairRow, ...]:
    """Each telesales person has an assistant, as long as both work as such; who stays is served first."""
    assistants = [number for number, person in enumerate(people) if person.places[0].role == "assistant"]
    callers = [number for number, person in enumerate(people) if person.places[0].role == "telesales"]
    callers.sort(key=lambda number: people[number].places[0].until_on is not None)
    return tuple(
        PairRow(
            caller,
            assistants[turn % len(assistants)],
            max(people[caller].hired_on, people[assistants[turn % len(assistants)]].hired_on),
            people[caller].places[0].until_on,
        )
        for turn, caller in enumerate(callers)
    )


def _count(group: Group, size: float) -> int:
    return (
        max(len(group.directions) if group.role == "industry_head" else 1, round(group.count * size))
        if group.grows
        else group.count
    )


def _ordinary(dice: Dice) -> Traits:
    return Traits(skill=min(dice.around(1, 0.16), 1.3), size=dice.around(1, 0.14), pace=min(dice.around(1, 0.1), 1.25))


def _names(fake: Faker) -> Iterator[str]:
    """Names of women and men in turn; none twice."""
    seen: set[str] = set()
    while True:
        for name in (
            f"{fake.first_name_female()} {fake.last_name_female()}",
            f"{fake.first_name_male()} {fake.last_name_male()}",
        ):
            if name not in seen:
                seen.add(name)
                yield name


def sellers_on(people: tuple[Person, ...], on: date, *, departments: frozenset[int]) -> list[tuple[int, Place]]:
    """Sellers who take new clients on a date, in these departments: who is about to leave or to move gets none."""
    found = []
    for number, person in enumerate(people):
        place = person.place_on(on)
        if place is None or place.role != "seller" or place.department not in departments:
            continue
        later = person.place_on(on + QUIET_BEFORE_LEAVING)
        stays = later is not None and later.role == "seller"
        hunts = person.traits.hunts_until is None or on < person.traits.hunts_until
        if stays and hunts:
            found.append((number, place))
    return found
