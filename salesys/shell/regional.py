"""The company's currency for the request that is being answered; language and time zone are Django's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DEFAULT_CURRENCY = "RUB"
_currency: ContextVar[str] = ContextVar("company_currency", default=DEFAULT_CURRENCY)


def company_currency() -> str:
    """ISO code of the currency in which amounts without one of their own are shown."""
    return _currency.get()


@contextmanager
def currency_in_use(code: str) -> Iterator[None]:
    """Show amounts in `code` while the block runs; a thread that serves the next request starts clean."""
    token = _currency.set(code or DEFAULT_CURRENCY)
    try:
        yield
    finally:
        _currency.reset(token)
