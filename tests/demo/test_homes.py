"""Each role of the demo has a start page with something to do, in the made-up department and around published files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from salesys.db import clock
from salesys.db.organisation import forget_organisation
from salesys.demo.loading import load_demo
from salesys.demo.logins import demo_logins
from salesys.demo.setting import Setting

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)
WORK: dict[Role, tuple[str, ...]] = {
    Role.OWNER: ("chart", "months", "directions", "runs"),
    Role.COMMERCIAL_DIRECTOR: ("chart", "directions", "sellers", "stages", "pipeline", "tasks"),
    Role.INDUSTRY_HEAD: ("chart", "members", "stages", "tasks", "dials", "warm"),
    Role.SELLER: ("chart", "tasks", "deals", "stages", "earned", "pay_chart"),
    Role.TELESALES: ("chart", "norms", "promised", "lists"),
    Role.ASSISTANT: ("chart", "norms", "research", "next", "tasks"),
    Role.CLIENT_MANAGER: ("tasks", "earned", "pool"),
    Role.VIP_MANAGER: ("tasks", "deals", "earned"),
    Role.BASE_MANAGER: ("lists", "chart", "tasks"),
    Role.MARKETER: ("tasks", "people"),
    Role.ACCOUNTANT: ("chart", "tasks", "runs"),
    Role.HR: ("chart", "people", "tasks"),
    Role.ADMINISTRATOR: ("people", "events", "runs"),
}


@dataclass(frozen=True, slots=True)
class Demo:
    """Which of the two was loaded."""

    is_of_files: bool


@pytest.fixture(scope="module", params=[False, True], ids=["made up", "around files"])
def demo(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """The demo of a working day, gone after the module's tests of it."""
    folder: Path | None = request.getfixturevalue("sales_files") if request.param else None
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(clock, "now", lambda: NOON)
        forget_organisation()
        load_demo(setting=Setting(TODAY, size=0.25), folder=folder, say=lambda _line: None)
        yield Demo(folder is not None)
        transaction.set_rollback(True)
    forget_organisation()


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    cache.clear()


def page_of(role: Role) -> Any:
    """The start page of the person who stands for a role."""
    (login,) = [login for login in demo_logins() if login.role == role]
    client = Client()
    client.force_login(User.objects.get(email=login.email))
    response = client.get("/")
    assert login.shows in response.content.decode()
    return response


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_something_to_do(demo: Demo, db: None, role: Role) -> None:
    response = page_of(role)
    assert response.status_code == 200
    assert [name for name in WORK[role] if not response.context[name]] == []


def test_owner_is_warned_of_few_who_live_on_earlier_clients(demo: Demo, db: None) -> None:
    titles = [str(warning.title) for warning in page_of(Role.OWNER).context["warnings"]]
    living = [title for title in titles if "earlier client" in title]
    assert living == ([] if demo.is_of_files else living[:1])
    assert not any(int(title.split()[0]) > 3 for title in living)


def test_telesales_have_a_past_and_a_present(demo: Demo, db: None) -> None:
    context = page_of(Role.TELESALES).context
    dialled = context["chart"].series[-1].values
    assert sum(1 for count in dialled if count) >= 6
    assert {norm.target > 0 for norm in context["norms"]} == {True}
    assert sum(line.waiting for line in context["lists"]) > 20
    assert context["promised"].count > 0
