from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from planning.engine.headcount import Post, headcount
from salesys.kernel.errors import InvalidInput
from salesys.kernel.periods import Month

MARCH = Month(2026, 3)


@pytest.mark.parametrize(
    ("need", "present", "needed", "missing", "hire_from"),
    [
        (0, 0, "0.00", 0, None),
        (1600, 2, "2.00", 0, None),
        (1601, 2, "2.00", 1, date(2026, 1, 15)),
        (1600, 1, "2.00", 1, date(2026, 1, 15)),
        (2400, 1, "3.00", 2, date(2026, 1, 15)),
        (1600, 5, "2.00", 0, None),
    ],
)
def test_people_needed_are_compared_with_people_there(
    need: int, present: int, needed: str, missing: int, hire_from: date | None
) -> None:
    found = headcount(need, month=MARCH, hours=160, post=Post(80, Decimal("0.5"), 45), present=present)
    assert (found.needed, found.missing, found.hire_from) == (Decimal(needed), missing, hire_from)


@pytest.mark.parametrize(("hours", "norm"), [(0, 50), (160, 0)])
def test_work_without_capacity_is_refused(hours: int, norm: int) -> None:
    with pytest.raises(InvalidInput):
        headcount(1, month=MARCH, hours=hours, post=Post(norm, Decimal(1), 0), present=0)


def test_no_work_needs_nobody_even_without_capacity() -> None:
    assert headcount(0, month=MARCH, hours=0, post=Post(0, Decimal(1), 0), present=0).missing == 0
