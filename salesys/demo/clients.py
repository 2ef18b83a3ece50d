"""Companies and the people in them: names that sound like their industry and exist nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from faker import Faker

from salesys.demo.rows import CompanyRow, ContactRow
from salesys.demo.setting import COMPANIES, Dice, Setting
from salesys.demo.words import City, Market

WAVES = ((0, 0.42), (90, 0.15), (180, 0.14), (300, 0.12), (420, 0.09), (530, 0.08))
"""When bases are loaded, in days from the start, and which share of the companies each brings."""
CORPORATE_EVERY = 60
LETTERS = str.maketrans(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeejziyklmnoprstufhccss'y'eua"
)  # one letter for one: enough for an address


def companies_of(setting: Setting, fake: Faker) -> tuple[CompanyRow, ...]:
    """The whole base; positions are in the order of loading."""
    dice = setting.dice("companies")
    count = round(COMPANIES * setting.size)
    names = _Names(fake, setting)
    return tuple(_company(setting, dice, names, (number, _entered_on(setting, number / count))) for number in range(count))


def _entered_on(setting: Setting, share: float) -> date:
    """The day of the wave that brings the company before which this share of all has come."""
    for days, part in WAVES:
        share -= part
        if share < 0:
            return setting.start + timedelta(days=days)
    return setting.start + timedelta(days=WAVES[-1][0])


class _Names:
    """Company names that are not given out twice."""

    def __init__(self, fake: Faker, setting: Setting) -> None:
        self.fake, self.stems = fake, setting.words.stems
        self.is_russian = setting.language == "ru"
        self.seen: set[str] = set()

    def next(self, dice: Dice, market: Market) -> str:
        """A name for a company of the market."""
        for attempt in range(50):
            stem = dice.one_of(self.stems) if attempt == 0 and dice.happens(0.25) else self._stem(dice)
            name = dice.one_of(market.company_names).format(stem=stem)
            if name not in self.seen:
                break
        else:
            name = f"{name} {len(self.seen)}"
        self.seen.add(name)
        return name

    def _stem(self, dice: Dice) -> str:
        first = str(self.fake.last_name_male())
        if self.is_russian:
            return first.removesuffix("ов").removesuffix("ев").removesuffix("ин").removesuffix("ский")
        if dice.happens(0.3):
            return f"{first} & {self.fake.last_name_male()}"
        return f"{self.fake.city()}" if dice.happens(0.35) else first


def _company(setting: Setting, dice: Dice, names: _Names, place: tuple[int, date]) -> CompanyRow:
    words = setting.words
    number, entered_on = place
    direction = dice.weighted(tuple(enumerate((0.31, 0.27, 0.24, 0.18))))
    market = words.markets[direction]
    industry = sum(len(other.industries) for other in words.markets[:direction]) + dice.between(0, len(market.industries) - 1)
    city = dice.one_of(words.cities)
    is_corporate = number % CORPORATE_EVERY == 7
    employees = max(8, min(4000, round(dice.around(900 if is_corporate else 85, 0.8))))
    name = names.next(dice, market)
    return CompanyRow(
        name=name,
        industry=industry,
        direction=direction,
        city=city.name,
        time_zone=city.time_zone,
        website=f"https://www.{_slug(name)}.example",
        founded_year=setting.today.year - dice.between(3, 70),
        employees=employees,
        revenue=setting.money(employees * dice.around(4_200_000, 0.4), step=10_000),
        is_corporate=is_corporate,
        source=dice.one_of(words.sources),
        entered_on=entered_on,
    )


def contacts_of(setting: Setting, fake: Faker, companies: tuple[CompanyRow, ...]) -> tuple[ContactRow, ...]:
    """One to three people at each company; the first decides."""
    dice = setting.dice("contacts")
    codes = {city.name: city for city in setting.words.cities}
    return tuple(
        contact
        for number, company in enumerate(companies)
        for contact in _people_at(setting, dice, fake, (number, codes[company.city]))
    )


def _people_at(setting: Setting, dice: Dice, fake: Faker, where: tuple[int, City]) -> Iterator[ContactRow]:
    words = setting.words
    company, city = where
    for place in range(dice.weighted(((1, 0.5), (2, 0.35), (3, 0.15)))):
        is_woman = dice.happens(0.45)
        first = fake.first_name_female() if is_woman else fake.first_name_male()
        last = fake.last_name_female() if is_woman else fake.last_name_male()
        phone = words.phone.format(
            code=city.code, number=100 + dice.between(0, 99) if setting.language == "en" else dice.between(0, 9999)
        )
        email = f"{_slug(first)[:1]}.{_slug(last)}.{company}@clients.example"
        yield ContactRow(company, f"{first} {last}", dice.one_of(words.positions), phone, email, place == 0)


def _slug(text: str) -> str:
    plain = text.lower().translate(LETTERS)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum()) or "company"


def first_contacts(contacts: tuple[ContactRow, ...]) -> dict[int, int]:
    """By company, the contact who decides."""
    return {contact.company: number for number, contact in reversed(list(enumerate(contacts)))}
