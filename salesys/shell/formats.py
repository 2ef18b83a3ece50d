"""How amounts, rates, dates and names look to a person, in the language that is active.

Every number gets non-breaking spaces and a true minus sign, so that a column of them lines up and never wraps.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.core import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language

from salesys.shell.regional import company_currency

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
NOTHING = "\N{EM DASH}"
SYMBOLS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "CNY": "¥", "TRY": "₺", "BYN": "Br", "UAH": "₴"}
Number = Decimal | int | float


def babel_locale() -> Locale:
    """Babel's locale of the active language."""
    return Locale.parse((get_language() or "en").replace("-", "_").split("_")[0])


def _tidy(text: str) -> str:
    """Same spaces and the same minus in every language."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", SPACE).replace(" ", SPACE).replace("-", MINUS)


def _with_currency(number: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency, currency)
    if babel_locale().language != "en" or len(symbol) > 1:
        return f"{number}{SPACE}{symbol}"
    return f"{MINUS}{symbol}{number[1:]}" if number.startswith(MINUS) else f"{symbol}{number}"


def number_text(value: Number, places: int = 0) -> str:
    """`1 234` or, with places, `1 234.50`."""
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _tidy(format_decimal(rounded + 0, format=pattern, locale=babel_locale()))


def money_text(amount: Number, currency: str = "", places: int = 2) -> str:
    """An amount to the kopeck in `currency`, the company's by default: `1 234,50 ₽`, `₽1,234.50`."""
    return _with_currency(number_text(amount, places), currency or company_currency())


def short_money_text(amount: Number, currency: str = "") -> str:
    """An amount for a headline: three digits and a magnitude, `12,3 млн ₽`, `₽12.3M`."""
    value = Decimal(str(amount))
    digits = 1 if abs(value) >= 1000 else 0
    number = format_compact_decimal(value, format_type="short", locale=babel_locale(), fraction_digits=digits)
    return _with_currency(_tidy(number), currency or company_currency())


def percent_text(share: Number, places: int = 0) -> str:
    """A share as a percentage: 0.125 is `13 %`, with one place `12.5 %`."""
    return f"{number_text(Decimal(str(share)) * 100, places)}{SPACE}%"


def signed_text(value: Number, places: int = 0) -> str:
    """A change with its sign: `+12`, `−3`, `0`."""
    text = number_text(value, places)
    return f"+{text}" if value > 0 else text


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day_text(value: date | datetime) -> str:
    """A date with its year: `5 Mar 2026`, `5 мар. 2026 г.`."""
    local = _local(value)
    return _tidy_spaces(format_date(local, format="d MMM y", locale=babel_locale()))


def short_day_text(value: date | datetime) -> str:
    """A date: `5 Mar`; of another year than the current one with its year."""
    local = _local(value)
    if local.year != timezone.localdate().year:
        return day_text(local)
    return _tidy_spaces(format_date(local, format="d MMM", locale=babel_locale()))


def month_text(value: date | datetime) -> str:
    """A month by name: `March 2026`, `март 2026`."""
    return _tidy_spaces(format_date(_local(value), format="LLLL y", locale=babel_locale()))


def month_name_text(value: date | datetime) -> str:
    """A month without its year: `March`, `март`."""
    return format_date(_local(value), format="LLLL", locale=babel_locale())


def short_month_text(value: date | datetime) -> str:
    """A month for an axis: `Mar`."""
    return format_date(_local(value), format="LLL", locale=babel_locale()).rstrip(".")


def weekday_text(value: date | datetime) -> str:
    """A day as one says it: `Thursday, 5 March`."""
    return _tidy_spaces(format_date(_local(value), format="EEEE, d MMMM", locale=babel_locale()))


def moment_text(value: datetime) -> str:
    """A date and time in the person's time zone: `5 Mar 2026, 14:30`."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day_text(local)},{SPACE}{local:%H:%M}"


def time_text(value: datetime) -> str:
    """A time of day in the person's time zone: `14:30`."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M}"


def ago_text(value: datetime) -> str:
    """How long ago, roughly: `3 hours ago`, `in 2 days`."""
    return format_timedelta(value - timezone.now(), add_direction=True, locale=babel_locale())


def _tidy_spaces(text: str) -> str:
    return text.replace(" ", SPACE)


def initials_text(name: str) -> str:
    """One or two letters that stand for a person or a company: `Anna Berg` is `AB`."""
    words = [word for word in name.replace("«", " ").replace('"', " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"
