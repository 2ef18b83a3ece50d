"""What is said around published files of a maker of computer hardware, where the made-up department sells to warehouses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from salesys.demo import words_en, words_ru
from salesys.demo.words import Words


def _of_files(words: Words, **texts: object) -> Words:
    """The same language; the company, currency and calendar of the files, whose amounts are dollars without tax."""
    texts["call_notes"] = MappingProxyType({**words.call_notes, **texts.pop("call_notes")})  # type: ignore[dict-item]
    known = {"currency": "USD", "country": "US", "vat_rate": Decimal(0), "scale": Decimal("0.1")}
    return replace(words, **known, **texts)  # type: ignore[arg-type]


ENGLISH = _of_files(
    words_en.WORDS,
    organisation="Computer hardware sales (demo)",
    next_steps=MappingProxyType(
        {
            "new": ("Agree on a meeting", "Call the decision maker", "Send the overview"),
            "engaged": ("Show the new series", "Count the workplaces", "Collect requirements"),
            "proposal": ("Discuss the quotation", "Answer questions on price", "Call about the decision"),
            "contract": ("Get the order signed", "Clear terms with their lawyer", "Agree on delivery dates"),
        }
    ),
    call_notes={
        "refused": ("Has a supplier", "Not interested at present", "Renewed last year", "Leases its computers"),
        "information": ("Wants price examples", "Asked for references", "Wants to know about leasing"),
        "meeting": ("Agreed to a demonstration", "Replaces workplaces this quarter", "Wants a test device"),
    },
    requests=("Who decides on hardware, and what do they use now?", "References in the same industry", "Number of workplaces"),
    briefs=(
        "{employees} employees in {city}. Two offices, mixed hardware.",
        "Founded {year}, {employees} employees. Leases most of its workplaces.",
        "Company in {city}. Last larger order of hardware some years ago.",
    ),
    needs=("Workplaces for a new office", "Faster machines for design", "One supplier for all sites", "Replacing leased devices"),
    script=(
        "Hello, this is {name}. We make computers for companies of your industry.\n"
        "1. Who decides on hardware?\n2. What do you use now, and what annoys you about it?\n"
        "3. Offer a demonstration: two dates to choose from."
    ),
)
RUSSIAN = _of_files(
    words_ru.WORDS,
    organisation="Продажа компьютеров (демо)",
    next_steps=MappingProxyType(
        {
            "new": ("Договориться о встрече", "Позвонить тому, кто решает", "Отправить обзор"),
            "engaged": ("Показать новую серию", "Посчитать рабочие места", "Собрать требования"),
            "proposal": ("Обсудить предложение", "Ответить на вопросы о цене", "Узнать решение"),
            "contract": ("Получить подписанный заказ", "Согласовать условия с юристом", "Согласовать сроки поставки"),
        }
    ),
    call_notes={
        "refused": ("Есть поставщик", "Сейчас не интересно", "Обновились в прошлом году", "Компьютеры в лизинге"),
        "information": ("Нужны примеры цен", "Просили отзывы клиентов", "Спрашивают про лизинг"),
        "meeting": ("Согласились на показ", "Меняют рабочие места в этом квартале", "Хотят устройство на пробу"),
    },
    requests=("Кто решает по технике и чем пользуются сейчас?", "Отзывы клиентов той же отрасли", "Число рабочих мест"),
    briefs=(
        "{employees} сотрудников, {city}. Два офиса, техника разная.",
        "Работают с {year} года, {employees} сотрудников. Большая часть техники в лизинге.",
        "Компания, {city}. Последний крупный заказ техники был несколько лет назад.",
    ),
    needs=("Рабочие места для нового офиса", "Быстрые машины для проектировщиков", "Один поставщик на все площадки"),
    script=(
        "Здравствуйте, {name}. Мы делаем компьютеры для компаний вашей отрасли.\n"
        "1. Кто решает по технике?\n2. Чем пользуетесь сейчас и что мешает?\n"
        "3. Предложить показ: две даты на выбор."
    ),
)
