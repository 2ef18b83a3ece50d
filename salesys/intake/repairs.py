"""What is clear in a dirty row is repaired by a rule and reported; what is not stays as it is and is listed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from salesys.intake.files import Line

SECTORS = (
    "agriculture", "banking", "construction", "education", "employment", "energy", "entertainment", "finance", "government",
    "hospitality", "insurance", "logistics", "manufacturing", "marketing", "medical", "mining", "pharmaceuticals", "real estate",
    "retail", "services", "software", "technology", "telecommunications", "transport", "utilities",
)  # fmt: skip
"""Sectors as they are spelt; one that is not here and resembles none is taken as it is written."""

TIME_ZONES = {
    "Belgium": "Europe/Brussels", "China": "Asia/Shanghai", "Germany": "Europe/Berlin", "Italy": "Europe/Rome",
    "Japan": "Asia/Tokyo", "Jordan": "Asia/Amman", "Kenya": "Africa/Nairobi", "Korea": "Asia/Seoul", "Norway": "Europe/Oslo",
    "Panama": "America/Panama", "Philippines": "Asia/Manila", "Poland": "Europe/Warsaw", "Romania": "Europe/Bucharest",
}  # fmt: skip
"""Countries that have one time zone; for the others a person has to say which."""

LIKENESS = 0.85
"""Share of letters that two spellings of one word have in common (difflib's ratio), found on real misspellings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a row that a person should know; `is_repaired` when a rule has mended it."""

    line: Line
    column: str
    code: str
    problem: str
    remedy: str
    is_repaired: bool

    @property
    def value(self) -> str:
        """The value as it was in the file."""
        return self.line.values.get(self.column, "")


@dataclass(slots=True)
class Findings:
    """Findings as they come; at most one of a code for each row."""

    found: dict[tuple[str, int, str], Finding] = field(default_factory=dict)

    def repaired(self, line: Line, column: str, code: str, became: str) -> None:
        """A rule was clear: `became` is what the value was taken for."""
        problem = _("“%(value)s” was taken for “%(became)s”.") % {"value": line.values[column], "became": became}
        self._add(Finding(line, column, code, problem, _("Nothing, unless the rule was wrong here."), is_repaired=True))

    def listed(self, line: Line, column: str, code: str, problem: str, *, remedy: str) -> None:
        """No rule is clear: the row is kept as far as it goes, and a person decides."""
        self._add(Finding(line, column, code, problem, remedy, is_repaired=False))

    def noted(self, line: Line, column: str, code: str, problem: str) -> None:
        """A rule filled a gap; said in words of its own."""
        self._add(Finding(line, column, code, problem, _("Nothing, unless the rule was wrong here."), is_repaired=True))

    def _add(self, finding: Finding) -> None:
        self.found.setdefault((finding.line.file, finding.line.number, finding.code), finding)


def name_key(name: str) -> str:
    """What two spellings of one name share: letters and digits in lower case."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Names:
    """Known names, found again exactly, or by the key of their letters when only one name has it."""

    exact: frozenset[str]
    by_key: Mapping[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Index the names; keys that two names share find nothing."""
        exact = frozenset(names)
        keys: dict[str, list[str]] = {}
        for name in sorted(exact):
            keys.setdefault(name_key(name), []).append(name)
        return cls(exact, {key: same[0] for key, same in keys.items() if len(same) == 1})

    def find(self, line: Line, column: str, findings: Findings) -> str | None:
        """The known name that the value means, repaired where its spelling is off; None when it means none."""
        value = line.values[column]
        if value in self.exact:
            return value
        found = self.by_key.get(name_key(value)) if value else None
        if found is not None:
            findings.repaired(line, column, f"{column}_spelling", found)
        return found


def repaired_word(line: Line, column: str, known: Iterable[str], findings: Findings) -> str:
    """The word of a vocabulary that the value was meant to be, or the value itself when it resembles none."""
    value = line.values[column]
    by_key = {word.casefold(): word for word in known}
    if not value or value.casefold() in by_key:
        return by_key.get(value.casefold(), "")
    alike = difflib.get_close_matches(value.casefold(), by_key, n=2, cutoff=LIKENESS)
    if len(alike) != 1:
        return value
    findings.repaired(line, column, f"{column}_spelling", by_key[alike[0]])
    return by_key[alike[0]]
