"""Filters of `{% load salesys %}`: every one takes a missing value and answers with a dash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from salesys.db.runs import Run
from salesys.shell import formats, runs

Filter = Callable[..., Any]


def dashed(shown: Filter) -> Filter:
    """A filter that answers with a dash for None and for a name that the template's context does not have."""

    @wraps(shown)
    def shown_or_dash(value: Any, *arguments: Any) -> Any:
        return formats.NOTHING if value is None or value == "" else shown(value, *arguments)

    return shown_or_dash


@dashed
def money(amount: Decimal, currency: str = "") -> str:
    """`{{ amount|money }}`, or in another currency `{{ amount|money:"USD" }}`: to the kopeck."""
    return formats.money_text(amount, currency)


@dashed
def whole_money(amount: Decimal, currency: str = "") -> str:
    """`{{ amount|whole_money }}`: rounded to the whole unit, for lists and headlines."""
    return formats.money_text(amount, currency, places=0)


@dashed
def short_money(amount: Decimal, currency: str = "") -> SafeString:
    """`{{ amount|short_money }}`: millions and thousands in words, the whole amount on hover."""
    whole, short = formats.money_text(amount, currency), formats.short_money_text(amount, currency)
    return format_html('<span title="{}">{}</span>', whole, short)


@dashed
def number(value: Decimal | int, places: int = 0) -> str:
    """`{{ calls|number }}`, `{{ days|number:1 }}`."""
    return formats.number_text(value, places)


@dashed
def signed(value: Decimal | int, places: int = 0) -> str:
    """`{{ change|signed }}`: with its plus or minus."""
    return formats.signed_text(value, places)


@dashed
def percent(share: Decimal, places: int = 0) -> str:
    """`{{ share|percent }}`: 0.125 is 13 %, `{{ share|percent:1 }}` is 12.5 %."""
    return formats.percent_text(share, places)


def _time_tag(value: date | datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@dashed
def day(value: date | datetime) -> SafeString:
    """`{{ signed_on|day }}`: 5 Mar 2026."""
    return _time_tag(value, formats.day_text(value))


@dashed
def short_day(value: date | datetime) -> SafeString:
    """`{{ due_on|short_day }}`: 5 Mar."""
    return _time_tag(value, formats.short_day_text(value))


@dashed
def weekday(value: date | datetime) -> SafeString:
    """`{{ today|weekday }}`: Thursday, 5 March."""
    text = formats.weekday_text(value)
    return _time_tag(value, text[:1].upper() + text[1:])


@dashed
def month(value: date | datetime) -> str:
    """`{{ period|month }}`: March 2026, the first letter upper case."""
    text = formats.month_text(value)
    return text[:1].upper() + text[1:]


@dashed
def month_name(value: date | datetime) -> str:
    """`{{ period|month_name }}`: March, without the year."""
    return formats.month_name_text(value)


@dashed
def moment(value: datetime) -> SafeString:
    """`{{ called_at|moment }}`: 5 Mar 2026, 14:30 in the person's time zone."""
    return _time_tag(value, formats.moment_text(value))


@dashed
def time_of_day(value: datetime) -> SafeString:
    """`{{ called_at|time_of_day }}`: 14:30 in the person's time zone."""
    return _time_tag(value, formats.time_text(value))


@dashed
def ago(value: datetime) -> SafeString:
    """`{{ finished_at|ago }}`: 3 hours ago, the moment itself on hover."""
    exact = formats.moment_text(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, formats.ago_text(value))


def initials(name: object) -> str:
    """`{{ person|initials }}`: AB."""
    return formats.initials_text(str(name or ""))


def sign_class(value: Decimal | int | None) -> str:
    """`{{ change|sign_class }}`: a class that colours a change, none for zero."""
    if not value:
        return ""
    return "text-gain" if value > 0 else "text-loss"


def loss_class(value: Decimal | int | None) -> str:
    """`{{ amount|loss_class }}`: a class that colours what went out, none for what came in."""
    return "text-loss" if value and value < 0 else ""


def job(name: str) -> str:
    """`{{ run.job|job }}`: what the job is called."""
    return runs.job_text(name)


def outcome(run: Run) -> str:
    """`{{ run|outcome }}`: what came of a run, in words."""
    return runs.outcome_text(run)


FILTERS: tuple[Filter, ...] = (
    money, whole_money, short_money, number, signed, percent, day, short_day, weekday, month, month_name, moment, time_of_day,
    ago, initials, sign_class, loss_class, job, outcome,
)  # fmt: skip
