"""A version saved in the middle of a month goes on with the month's sum; a floor is for the days that it covered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Employee
from compensation.engine.terms import Basis, CreditRole, Rate, Salary, Terms, Tier
from compensation.ledger.commissions import run_commissions
from compensation.models import EarningLine, Scheme
from compensation.schemes.services import save_scheme_version
from compensation.statements.queries import statement_of
from compensation.statements.wording import line_in_words
from pipeline.models import Contract
from salesys.kernel.periods import Month
from tests.compensation import world
from tests.compensation.ledger.checks import check_ledger
from tests.compensation.world import day

pytestmark = pytest.mark.django_db

JANUARY = Month(2026, 1)
TIERS = (Tier(Decimal(0), Decimal(100_000), Decimal("0.05")), Tier(Decimal(100_000), None, Decimal("0.1")))


def revenue(**terms: object) -> Rate:
    return Rate(CreditRole.HUNTER, Basis.REVENUE, **terms)  # type: ignore[arg-type]


def hired(*terms: Terms) -> tuple[Employee, Scheme, Contract]:
    """A hunter who is paid by a scheme, and a contract of a client of theirs."""
    hunter = world.employee(world.department())
    scheme = world.scheme(*terms)
    world.paid_by(scheme, hunter)
    return hunter, scheme, world.contract(world.client(hunter), hunter)


def rates() -> list[Decimal]:
    return list(EarningLine.all_rows.filter(component__kind="rate", revision=1).values_list("amount", flat=True))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (revenue(tiers=TIERS), "15000.00"),
        (revenue(rate=Decimal("0.1"), cap=Decimal(5000)), "5000.00"),
        (revenue(rate=Decimal("0.1"), floor=Decimal(30_000)), "30000.00"),
    ],
)
def test_a_new_version_in_the_middle_of_a_month_changes_nothing_of_what_it_repeats(terms: Rate, expected: str) -> None:
    _hunter, scheme, deal = hired(terms, Salary(Decimal(1000)))
    for number in (5, 25):
        world.pay(deal, 100_000, day(1, number))
    again = world.terms_of([terms, Salary(Decimal(2000))])
    save_scheme_version(actor=None, scheme=scheme, terms=again, from_on=day(1, 16))

    run_commissions(actor=None, as_of=day(1, 31))

    assert rates() == [Decimal(expected)]
    check_ledger(JANUARY)


def test_the_terms_in_force_last_hold_for_the_sum_of_the_month() -> None:
    hunter, scheme, deal = hired(revenue(rate=Decimal("0.1"), cap=Decimal(5000)))
    for number in (5, 25):
        world.pay(deal, 100_000, day(1, number))
    changed = world.terms_of([revenue(rate=Decimal("0.2"), cap=Decimal(30_000))])
    save_scheme_version(actor=None, scheme=scheme, terms=changed, from_on=day(1, 16))

    run_commissions(actor=None, as_of=day(1, 31))

    assert rates() == [Decimal("30000.00")]
    words = {line.amount: [plain(text) for text in line_in_words(line)] for line in statement_of(hunter.pk, JANUARY).lines}
    assert words[Decimal("0.00")] == ["1 line of a payment, revenue ₽100,000.00: counts towards the sum of the month."]
    assert "₽200,000.00 × 20 % = ₽40,000.00." in words[Decimal("30000.00")]
    check_ledger(JANUARY)


def test_a_refund_in_a_capped_month_takes_back_no_more_than_the_cap() -> None:
    hunter, _scheme, deal = hired(revenue(rate=Decimal("0.1"), cap=Decimal(5000)))
    paid = world.pay(deal, 100_000, day(1, 5))
    world.pay(deal, -100_000, day(2, 21), refund_of=paid)

    run_commissions(actor=None, as_of=day(2, 28))

    assert rates() == [Decimal("5000.00"), Decimal("-5000.00")]
    line = statement_of(hunter.pk, Month(2026, 2)).lines[0]
    assert plain(line_in_words(line)[-1]) == "Refunds take back no more than the cap: raised by ₽5,000.00 to −₽5,000.00."
    check_ledger(Month(2026, 2))


def test_a_floor_is_for_the_days_that_its_terms_covered() -> None:
    """19 working days of February: one has left after the first, one changes to another scheme in the middle."""
    where = world.department()
    gone, moved = world.employee(where, end=day(2, 3)), world.employee(where)
    first = world.scheme(revenue(rate=Decimal("0.1"), floor=Decimal(30_000)))
    world.paid_by(first, gone)
    world.paid_by(first, moved, end=day(2, 16))
    world.paid_by(world.scheme(revenue(rate=Decimal("0.1"), floor=Decimal(40_000))), moved, start=day(2, 16))

    run_commissions(actor=None, as_of=day(2, 28))

    february = {(line.payee_id, line.amount): line.trace["inputs"] for line in EarningLine.all_rows.filter(origin_on=day(2))}
    norm = {"norm_days": "19", "basis": "0"}
    assert february == {
        (gone.pk, Decimal("1578.95")): norm | {"floor": "30000", "worked_days": "1"},
        (moved.pk, Decimal("15789.47")): norm | {"floor": "30000", "worked_days": "10"},
        (moved.pk, Decimal("18947.37")): norm | {"floor": "40000", "worked_days": "9"},
    }
    words = [plain(text) for text in line_in_words(statement_of(gone.pk, Month(2026, 2)).lines[0])]
    assert words[0] == "Floor ₽30,000.00 a month, 1 of 19 working days."
    assert words[-1] == "Raised by ₽1,578.95 to the floor of ₽1,578.95."
    check_ledger(Month(2026, 2))


def test_a_refund_after_somebody_has_left_is_not_lifted_to_a_floor() -> None:
    where = world.department()
    gone = world.employee(where, end=day(2))
    world.paid_by(world.scheme(revenue(rate=Decimal("0.1"), floor=Decimal(1000))), gone)
    deal = world.contract(world.client(gone), gone)
    paid = world.pay(deal, 100_000, day(1, 5))
    world.pay(deal, -100_000, day(2, 5), refund_of=paid)

    run_commissions(actor=None, as_of=day(2, 28))

    assert rates() == [Decimal("10000.00"), Decimal("-10000.00")]
    check_ledger(Month(2026, 2))
