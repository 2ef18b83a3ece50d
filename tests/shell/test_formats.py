"""Figures, dates and names as people read them, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from salesys.shell import filters, formats

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "expected"),
    [
        ("en", "1234567.5", "RUB", "₽1,234,567.50"),
        ("en", "-0.5", "USD", "−$0.50"),
        ("en", "5", "BYN", f"5.00{SPACE}Br"),
        ("en", "0", "XAU", f"0.00{SPACE}XAU"),
        ("ru", "1234567.5", "RUB", f"1{SPACE}234{SPACE}567,50{SPACE}₽"),
        ("ru", "-0.5", "USD", f"−0,50{SPACE}$"),
    ],
)
def test_money_is_written_to_the_kopeck(language: str, amount: str, currency: str, expected: str) -> None:
    with translation.override(language):
        assert filters.money(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("whole_money", Decimal("0.5"), "₽1"),
        ("whole_money", Decimal("-0.5"), "−₽1"),
        ("number", 1234, "1,234"),
        ("signed", 5, "+5"),
        ("signed", 0, "0"),
        ("signed", Decimal("-1.5"), "−2"),
        ("percent", Decimal("0.125"), f"13{SPACE}%"),
        ("month", date(2026, 3, 5), f"March{SPACE}2026"),
        ("month_name", date(2026, 3, 5), "March"),
        ("initials", "«Заря» Вектор плюс", "ЗВ"),
        ("initials", "", "?"),
        ("sign_class", 5, "text-gain"),
        ("sign_class", -5, "text-loss"),
        ("sign_class", 0, ""),
        ("loss_class", Decimal(-1), "text-loss"),
        ("loss_class", None, ""),
    ],
)
def test_filter_writes(name: str, value: Any, expected: str) -> None:
    assert getattr(filters, name)(value) == expected


@pytest.mark.parametrize("missing", [None, ""])
@pytest.mark.parametrize(
    "name", ["money", "short_money", "number", "percent", "day", "short_day", "weekday", "month", "moment", "ago"]
)
def test_what_is_missing_is_a_dash(name: str, missing: object) -> None:
    assert getattr(filters, name)(missing) == "—"


def test_instants_are_shown_in_the_persons_time_zone() -> None:
    at = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)

    with timezone.override("Europe/Moscow"):
        assert formats.moment_text(at) == f"6{SPACE}Mar{SPACE}2026,{SPACE}01:30"
        assert formats.time_text(at) == "01:30"
        assert 'datetime="2026-03-05T22:30:00+00:00"' in filters.time_of_day(at)
        assert "6" in filters.moment(at)


def test_short_dates_of_other_years_name_the_year() -> None:
    today = timezone.localdate()

    assert str(today.year) not in formats.short_day_text(today)
    assert str(today.year - 2) in formats.short_day_text(today.replace(year=today.year - 2, day=1))


def test_templates_leave_days_to_our_filters() -> None:
    """Django's own `j F` puts the nominative beside a number: `25 Ноябрь`."""
    wrong = re.compile(r"""\|date:["'][^"']*j[^"']*[FMN]""")
    templates = Path(__file__).resolve().parents[2] / "templates"
    assert [path.name for path in templates.rglob("*.html") if wrong.search(path.read_text(encoding="utf-8"))] == []


def test_weekdays_and_how_long_ago() -> None:
    with translation.override("ru"):
        assert filters.weekday(date(2026, 3, 5)).endswith(f">Четверг,{SPACE}5{SPACE}марта</time>")
    assert ">3 hours ago<" in filters.ago(timezone.now() - timedelta(hours=3))
