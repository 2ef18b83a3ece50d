"""The steps of the set-up: what there is already, and where to go on and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.people.models import Employee
from accounts.setup.regional import countries
from accounts.structure.models import Department, Direction
from salesys.db import clock
from salesys.db.organisation import organisation

KEYS = ("company", "calendar", "departments", "directions", "people")
STEP_OF_FIELD = {"name": "company", "departments": "departments", "people": "people"}
"""Which step mends what `finish_setup` misses."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, what there is already, whether the set-up can be finished without it."""

    key: str
    title: str
    state: str
    is_done: bool
    is_needed: bool
    is_current: bool

    @property
    def url(self) -> str:
        """Its page."""
        return step_url(self.key)


def step_url(key: str) -> str:
    """The page of a step."""
    return reverse("accounts:setup" if key == KEYS[0] else f"accounts:setup_{key}")


@dataclass(frozen=True, slots=True)
class Way:
    """All steps as seen from one of them."""

    steps: tuple[Step, ...]
    back: str
    onward: str

    @property
    def is_ready(self) -> bool:
        """Whether everything that is needed is there."""
        return all(step.is_done for step in self.steps if step.is_needed)


def way_from(viewer: object, current: str) -> Way:
    """The steps as seen from `current`; 3 SQL statements."""
    row = organisation()
    departments: Any = Department.objects.visible_to(viewer)
    directions: Any = Direction.objects.visible_to(viewer)
    people: Any = Employee.objects.visible_to(viewer).working_on(clock.today()).beside_first_administrator()
    counts = {"departments": departments.count(), "directions": directions.count(), "people": people.count()}
    country = countries().get(row.country, row.country)
    texts = {
        "company": (_("Company"), row.name, bool(row.name), True),
        "calendar": (_("Working calendar"), country if row.name else "", bool(row.name), False),
        "departments": (_("Departments"), _counted(counts["departments"]), counts["departments"] > 0, True),
        "directions": (_("Directions"), _counted(counts["directions"]), counts["directions"] > 0, False),
        "people": (_("First people"), _counted(counts["people"]), counts["people"] > 0, True),
    }
    steps = tuple(Step(key, *texts[key], is_current=key == current) for key in KEYS)
    place = KEYS.index(current)
    back = step_url(KEYS[place - 1]) if place else ""
    return Way(steps, back, step_url(KEYS[place + 1]) if place + 1 < len(KEYS) else "")


def _counted(count: int) -> str:
    return _("%(count)s there") % {"count": count} if count else _("none yet")
