from __future__ import annotations

from decimal import Decimal

import pytest

from compensation.engine.checks import component_issues, scheme_issues
from compensation.engine.newness import FIRST_DEAL
from compensation.engine.terms import (
    Component,
    ComponentKind,
    CreditRole,
    Newness,
    PlanBonus,
    Rate,
    Salary,
    SchemeTerms,
    TeamPool,
    Terms,
    Tier,
)


def scheme(*terms: Terms) -> SchemeTerms:
    return SchemeTerms(tuple(Component(f"part_{place}", "Part", part) for place, part in enumerate(terms)))


def rate(**changes: object) -> Rate:
    return Rate(role=CreditRole.HUNTER, **changes)  # type: ignore[arg-type]


def tiers(*bounds: tuple[str, str | None, str]) -> tuple[Tier, ...]:
    return tuple(
        Tier(Decimal(lower), None if upper is None else Decimal(upper), Decimal(value)) for lower, upper, value in bounds
    )


GOOD = tiers(("0", "100", "0.1"), ("100", None, "0.2"))

HUNTER = scheme(
    Salary(Decimal(60_000)),
    rate(newness=Newness.NEW, rate=Decimal("0.1")),
    rate(newness=Newness.RESIDUAL, rate=Decimal("0.02")),
    PlanBonus(tiers(("0", "1", "0"), ("1", None, "15000"))),
)


def test_the_hunters_example_is_sound() -> None:
    assert scheme_issues(HUNTER) == ()
    assert HUNTER.new_until == FIRST_DEAL
    assert HUNTER.salary == Decimal(60_000)


def test_a_farmers_scheme_is_sound() -> None:
    assert scheme_issues(scheme(Salary(Decimal(50_000)), TeamPool(Decimal("0.03"), Decimal(1_000_000)))) == ()


def test_kinds_follow_from_terms() -> None:
    parts = scheme(Salary(Decimal(1)), rate(), PlanBonus(GOOD), TeamPool(Decimal(0), Decimal(0))).components
    assert [part.kind for part in parts] == list(ComponentKind)


def test_an_empty_scheme_is_refused() -> None:
    assert [issue.code for issue in scheme_issues(SchemeTerms(()))] == ["no_components"]


@pytest.mark.parametrize(
    ("terms", "code", "field", "value"),
    [
        (Salary(Decimal("-0.01")), "negative", "components[0].amount", "-0.01"),
        (rate(rate=Decimal("-0.1")), "negative", "components[0].rate", "-0.1"),
        (rate(rate=Decimal("1.000001")), "rate_above_one", "components[0].rate", "1.000001"),
        (rate(floor=Decimal(2), cap=Decimal(1)), "floor_above_cap", "components[0].floor", "2"),
        (rate(tiers=tiers(("1", None, "0.1"))), "tiers_not_from_zero", "components[0].tiers[0].lower", "1"),
        (rate(tiers=tiers(("0", "5", "0.1"))), "tiers_end", "components[0].tiers[0].upper", "5"),
        (rate(tiers=tiers(("0", None, "0.1"), ("5", None, "0.1"))), "tier_without_end", "components[0].tiers[0].upper", ""),
        (rate(tiers=tiers(("0", "0", "0.1"), ("0", None, "0.1"))), "empty_tier", "components[0].tiers[0].upper", "0"),
        (rate(tiers=tiers(("0", "5", "0.1"), ("6", None, "0.1"))), "tiers_not_contiguous", "components[0].tiers[1].lower", "6"),
        (rate(tiers=tiers(("0", "5", "0.1"), ("4", None, "0.1"))), "tiers_not_contiguous", "components[0].tiers[1].lower", "4"),
        (rate(tiers=tiers(("0", None, "1.1"))), "rate_above_one", "components[0].tiers[0].value", "1.1"),
        (PlanBonus(()), "no_tiers", "components[0].steps", ""),
        (PlanBonus(tiers(("0", None, "-1"))), "negative", "components[0].steps[0].value", "-1"),
        (TeamPool(Decimal("1.5"), Decimal(0)), "rate_above_one", "components[0].rate", "1.5"),
        (TeamPool(Decimal("0.5"), Decimal(-1)), "negative", "components[0].breakeven", "-1"),
    ],
)
def test_each_fault_is_named_with_field_and_value(terms: Terms, code: str, field: str, value: str) -> None:
    assert [(issue.code, issue.field, issue.value) for issue in scheme_issues(scheme(terms))] == [(code, field, value)]


@pytest.mark.parametrize(
    "terms",
    [rate(rate=Decimal(0)), rate(rate=Decimal(1)), rate(tiers=GOOD), rate(floor=Decimal(1), cap=Decimal(1)), PlanBonus(GOOD)],
)
def test_values_at_the_bounds_are_accepted(terms: Terms) -> None:
    assert scheme_issues(scheme(terms)) == ()


def test_every_fault_is_found_at_once() -> None:
    found = scheme_issues(scheme(Salary(Decimal(-1)), rate(rate=Decimal(2))))
    assert [issue.field for issue in found] == ["components[0].amount", "components[1].rate"]


def test_codes_are_needed_and_unique() -> None:
    parts = (
        Component("salary", "Salary", Salary(Decimal(1))),
        Component("salary", "Again", Salary(Decimal(1))),
        Component("", "No", Salary(Decimal(1))),
    )
    found = [(issue.code, issue.value) for issue in scheme_issues(SchemeTerms(parts))]
    assert found == [("no_code", ""), ("repeated_code", "salary")]


@pytest.mark.parametrize(
    "terms",
    [
        Salary(Decimal("NaN")),
        TeamPool(Decimal("0.1"), Decimal("Infinity")),
        rate(floor=Decimal("NaN")),
        rate(tiers=(Tier(Decimal(0), None, Decimal("NaN")),)),
        PlanBonus((Tier(Decimal(0), Decimal("NaN"), Decimal(1)),)),
    ],
)
def test_what_is_no_number_is_said_before_anything_is_compared(terms: Terms) -> None:
    assert [issue.code for issue in component_issues(Component("part", "Part", terms))] == ["not_a_number"]


def test_one_component_is_checked_by_its_code() -> None:
    part = Component("bonus", "Bonus", PlanBonus(tiers(("0", "1", "0"), ("2", None, "15000"))))
    assert [(issue.code, issue.field) for issue in component_issues(part)] == [("tiers_not_contiguous", "bonus.steps[1].lower")]
    assert component_issues(HUNTER.components[0]) == ()
