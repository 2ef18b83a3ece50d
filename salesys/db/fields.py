"""Fields for money and rates, so that no table chooses its own precision."""

from __future__ import annotations

from typing import Any

from django.db import models


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """numeric(18, 2) in the company's currency unless the name says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_digits": 18, "decimal_places": 2})


class RateField(models.DecimalField):  # type: ignore[type-arg]
    """numeric(9, 6): a share such as 0.100000 for 10 %."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_digits": 9, "decimal_places": 6})
