"""What the department's words are made of, in one language; `words_en.py` and `words_ru.py` fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class City:
    """A city, its time zone, and a telephone code of which the numbers given out do not exist."""

    name: str
    time_zone: str
    code: str


@dataclass(frozen=True, slots=True)
class Market:
    """A direction: its industries, and what companies of it call themselves."""

    name: str
    industries: tuple[str, ...]
    company_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One language and country.

    `scale` turns the generator's roubles into the currency. Company names are patterns with `{stem}`; `phone` is a pattern
    with `{code}` and `{number:04d}` that yields no real number.
    """

    locale: str
    organisation: str
    currency: str
    country: str
    time_zone: str
    far_time_zone: str
    vat_rate: Decimal
    scale: Decimal
    phone: str
    departments: Mapping[str, str]
    markets: tuple[Market, ...]
    existing_clients: str
    products: tuple[str, ...]
    categories: tuple[str, ...]
    cities: tuple[City, ...]
    stems: tuple[str, ...]
    positions: tuple[str, ...]
    sources: tuple[str, ...]
    lost_reasons: tuple[str, ...]
    next_steps: Mapping[str, tuple[str, ...]]
    call_notes: Mapping[str, tuple[str, ...]]
    tasks: Mapping[str, str]
    requests: tuple[str, ...]
    briefs: tuple[str, ...]
    needs: tuple[str, ...]
    card_sources: tuple[str, ...]
    script: str
    schemes: Mapping[str, str]
    list_name: str
    qualitative_goals: str
    service_notes: tuple[str, ...]
    desk: Mapping[str, tuple[str, ...]]
    """By role, what those who neither call nor sell have to do this week."""
