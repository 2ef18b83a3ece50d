"""The engine's issues in the reader's language: the engine knows no translations."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from salesys.kernel.errors import Issue


def in_words(issues: Iterable[Issue]) -> list[Issue]:
    """The same issues, with problem and remedy translated; codes, fields and values stay."""
    words = _problems()
    return [Issue(issue.code, *_translated(issue, words)) for issue in issues]


def _translated(issue: Issue, words: dict[str, str]) -> tuple[str, str, str, str]:
    return words.get(issue.code, issue.problem), issue.field, issue.value, issue.remedy


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
        "not_a_new_until_rule": _("This does not say until when a client is new."),
    }
