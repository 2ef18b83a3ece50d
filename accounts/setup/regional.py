"""Countries, currencies and time zones by the names that the reader's language has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays
from babel.core import Locale, get_global
from babel.dates import get_timezone_location
from babel.numbers import get_currency_name, get_territory_currencies
from django.utils.translation import get_language

from salesys.db import clock

NOWHERE = "ZZ"
Choices = Sequence[tuple[str, str]]


def _language() -> str:
    return (get_language() or "en").split("-", maxsplit=1)[0]


def _alphabetical(names: Mapping[str, str]) -> dict[str, str]:
    """By name as people look for it, whatever the case and `ё`."""
    return dict(sorted(names.items(), key=lambda item: item[1].lower().replace("ё", "е")))


def country_codes() -> frozenset[str]:
    """ISO 3166 codes of the countries whose holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def countries() -> dict[str, str]:
    """Countries whose holidays are known, code -> name in the reader's language, by name."""
    return _countries(_language())


@lru_cache(maxsize=4)
def _countries(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    return _alphabetical({code: names.get(code, code) for code in country_codes()})


def currencies() -> dict[str, str]:
    """Currencies in which some country pays today, code -> code and name, by code."""
    return _currencies(_language())


@lru_cache(maxsize=4)
def _currencies(language: str) -> dict[str, str]:
    used = {code for country in country_codes() for code in get_territory_currencies(country)}
    return {code: f"{code} · {get_currency_name(code, locale=language)}" for code in sorted(used)}


def currency_of(country: str) -> str:
    """The currency in which a country pays today; empty where none is known."""
    return next(iter(get_territory_currencies(country)), "")


def time_zones(country: str, chosen: str = "") -> list[tuple[str, Choices]]:
    """Time zones under their countries, the given country's first: (country, ((zone, city and offset), ..)).

    Args:
        country: Whose zones come first.
        chosen: A zone that is offered even if no country has it.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    known = _cities(_language())
    for zone, (territory, city) in known.items():
        groups.setdefault(territory, []).append((zone, f"{city} ({_offset(zone)})"))
    first = groups.pop(_country_name(country), [])
    rest = sorted(groups.items(), key=lambda item: item[0].lower().replace("ё", "е"))
    others = [("UTC", "UTC"), *([(chosen, chosen)] if chosen and chosen not in {*known, "UTC"} else [])]
    found = [(name, sorted(zones, key=lambda row: row[1])) for name, zones in rest]
    return [*([(_country_name(country), sorted(first, key=lambda row: row[1]))] if first else []), *found, ("UTC", others)]


def time_zone_of(country: str) -> str:
    """The zone that a country's people most likely mean: its only one, or the capital's; empty where none is known."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return CAPITALS.get(country) or (zones[0] if len(zones) == 1 else "")


CAPITALS: Mapping[str, str] = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Where most offices of countries with several zones are."""


def _country_name(country: str) -> str:
    return str(Locale.parse(_language()).territories.get(country, country))


@lru_cache(maxsize=4)
def _cities(language: str) -> dict[str, tuple[str, str]]:
    """Zone -> country and city in a language; computed once, because it reads every zone."""
    locale = Locale.parse(language)
    there = available_timezones()
    return {
        zone: (str(locale.territories.get(territory, territory)), get_timezone_location(ZoneInfo(zone), locale, return_city=True))
        for zone, territory in get_global("zone_territories").items()
        if zone in there and territory != NOWHERE
    }


def _offset(zone: str) -> str:
    """How far the zone is from UTC today: `UTC+3`, `UTC+5:30`."""
    offset = clock.now().astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
