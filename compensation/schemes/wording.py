"""The engine's issues and terms in the reader's language: the engine knows no translations."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compensation.engine.newness import NewUntil, NewUntilRule
from compensation.engine.terms import Component, PlanBonus, Rate, Salary, StepUnit, TeamPool, Tier, TierOn
from compensation.schemes import models as rows
from salesys.kernel.errors import Issue
from salesys.shell.formats import money_text, percent_text


def in_words(issues: Iterable[Issue]) -> list[Issue]:
    """The same issues, with problem and remedy translated; codes, fields and values stay."""
    words = _problems()
    return [Issue(issue.code, *_translated(issue, words)) for issue in issues]


def _translated(issue: Issue, words: dict[str, str]) -> tuple[str, str, str, str]:
    return words.get(issue.code) or _(issue.problem), issue.field, issue.value, _(issue.remedy)


def problem_text(code: str) -> str:
    """A problem that is known by its code alone, as a run records it."""
    return _problems().get(code) or _("This cannot be computed.")


def _problems() -> dict[str, str]:
    return {
        "no_components": _("A scheme without components pays nobody anything."),
        "repeated_code": _("Two components have the same code."),
        "no_code": _("A component needs a code."),
        "negative": _("This may not be negative."),
        "rate_above_one": _("A rate is a share: 0.1 is 10 %."),
        "floor_above_cap": _("The floor is above the cap."),
        "no_tiers": _("At least one step is needed."),
        "tiers_not_from_zero": _("The first tier must begin at zero."),
        "tiers_not_contiguous": _("Each tier must begin where the one before it ends."),
        "tiers_end": _("The last tier must be without an upper bound."),
        "tier_without_end": _("Only the last tier may be without an upper bound."),
        "empty_tier": _("A tier must end above its beginning."),
        "not_a_number": _("This is not a number."),
        "no_tier_holds": _("No tier holds for this."),
        "out_of_range": _("This amount is out of range."),
        "worked_days_out_of_month": _("Nobody works more days than the month has."),
        "no_pool": _("A refund belongs to a pool that has no members in the month."),
        "not_a_new_until_rule": _("This does not say until when a client is new."),
    }


def rate_text(rate: Decimal) -> str:
    """A rate in percent, without zeros that say nothing."""
    return percent_text(rate, _places(rate))


def share_text(share: Decimal) -> str:
    """An attainment, or a step on it, with all its places: 99.9999 % is not shown as the 100.0 % of a step not reached."""
    return percent_text(share, max(1, _places(share)))


def _places(share: Decimal) -> int:
    exponent = int((share * 100).normalize().as_tuple().exponent)
    return min(max(0, -exponent), 4)


def new_until_in_words(until: NewUntil) -> str:
    """Until when a client is new, to follow "a client is new until"."""
    match until.rule:
        case NewUntilRule.FIRST_DEAL:
            return _("its first won deal is paid")
        case NewUntilRule.FIRST_MONTH:
            return _("the month of its first payment ends")
        case _:
            words = ngettext("%(days)d day after its first payment", "%(days)d days after its first payment", until.days)
            return words % {"days": until.days}


def component_in_words(part: Component) -> str:
    """What a component promises, in one sentence."""
    terms = part.terms
    match terms:
        case Salary(amount=amount):
            return _("%(amount)s a month, by days worked") % {"amount": money_text(amount)}
        case PlanBonus():
            return _bonus(terms)
        case TeamPool(rate=rate, breakeven=breakeven):
            words = _("%(rate)s of what the department collects above %(breakeven)s, divided among its members")
            return words % {"rate": rate_text(rate), "breakeven": money_text(breakeven)}
        case Rate():
            return _rate_in_words(terms)


def _bonus(terms: PlanBonus) -> str:
    steps = [
        _("from %(share)s of the plan %(value)s") % {"share": rate_text(step.lower), "value": _step(terms, step)}
        for step in terms.steps
        if step.value
    ]
    return "; ".join(steps)


def _step(terms: PlanBonus, step: Tier) -> str:
    if terms.unit is StepUnit.SUM:
        return money_text(step.value)
    return _("%(rate)s of the salary") % {"rate": rate_text(step.value)}


def _rate_in_words(terms: Rate) -> str:
    choices = rows.Component
    values = {
        "basis": choices.Basis(terms.basis.value).label,
        "newness": choices.Newness(terms.newness.value).label,
        "role": choices.CreditRole(terms.role.value).label,
    }
    if terms.tiers:
        share = terms.tier_on is TierOn.ATTAINMENT
        shown = [
            f"{rate_text(tier.lower) if share else money_text(tier.lower, places=0)}: {rate_text(tier.value)}"
            for tier in terms.tiers
        ]
        words = _("tiers (%(tiers)s) of %(basis)s, %(newness)s, as %(role)s") % (values | {"tiers": ", ".join(shown)})
    else:
        words = _("%(rate)s of %(basis)s, %(newness)s, as %(role)s") % (values | {"rate": rate_text(terms.rate)})
    bounds = [
        _("at least %(amount)s") % {"amount": money_text(terms.floor)} if terms.floor is not None else "",
        _("at most %(amount)s") % {"amount": money_text(terms.cap)} if terms.cap is not None else "",
    ]
    return ", ".join([words, *filter(None, bounds)])
