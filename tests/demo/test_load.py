"""Loading the demo into a database: once, whole, resumable, on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from accounts.models import Assignment, AuditEvent, Employee, User
from accounts.roles import Role
from compensation.ledger.models import PayPeriod
from compensation.schemes.models import Scheme
from pipeline.models import Call, CallListEntry, Company, Contract, Deal, Payment, Relationship, ResearchCard, StageChange, Task
from planning.cascade.models import DailyTarget
from planning.goals.models import YearPlan
from salesys.db import clock
from salesys.db.organisation import Organisation, forget_organisation, organisation
from salesys.demo import loading
from salesys.demo.generate import generate
from salesys.demo.loading import load_demo
from salesys.demo.logins import demo_logins
from salesys.demo.setting import Setting
from salesys.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
SIZE = 0.03
TABLES = (Assignment, AuditEvent, Call, CallListEntry, Company, Contract, DailyTarget, Deal, Employee, PayPeriod, Payment)


@pytest.fixture(autouse=True)
def _fresh_organisation() -> object:
    forget_organisation()
    yield
    forget_organisation()


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> object:
    def freeze(on: date) -> Setting:
        monkeypatch.setattr(clock, "now", lambda: datetime(on.year, on.month, on.day, 15, tzinfo=UTC))
        return Setting(on, seed=1, size=SIZE)

    return freeze


def load(setting: Setting, folder: Path | None = None) -> list[str]:
    said: list[str] = []
    load_demo(setting=setting, folder=folder, say=said.append)
    return said


def counts() -> dict[str, int]:
    return {table.__name__: table._base_manager.count() for table in TABLES}


def test_everything_made_up_is_in_the_tables(on_day) -> None:  # type: ignore[no-untyped-def]
    setting = on_day(date(2026, 11, 20))
    made = generate(setting)
    load(setting)
    found = [table._base_manager.count() for table in (Company, Call, Deal, Contract, Payment, Task, ResearchCard, CallListEntry)]
    tasks = Task.all_rows.exclude(created_at__gte=datetime(2026, 11, 20, tzinfo=UTC)).count()
    wanted = [made.companies, made.calls, made.deals, made.contracts, made.payments, made.tasks, made.cards, made.entries]
    found[2] -= Relationship.all_rows.filter(kind="vip", valid__contains=setting.today).count()  # their next orders
    assert found[:5] == [len(rows) for rows in wanted[:5]]
    assert tasks == len(made.tasks)
    assert found[6:] == [len(rows) for rows in wanted[6:]]
    assert Payment.all_rows.aggregate(total=Sum("amount"))["total"] == sum(row.amount for row in made.payments)
    assert StageChange.all_rows.filter(deal__opened_on__lt=setting.today, at__lt=setting.at(setting.today, 0)).count() == sum(
        len(deal.steps) for deal in made.deals
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pipeline_call_default")
        assert cursor.fetchone() == (0,)


def test_second_load_changes_nothing(on_day) -> None:  # type: ignore[no-untyped-def]
    setting = on_day(date(2026, 11, 20))
    load(setting)
    before = counts()
    said = load(Setting(date(2026, 11, 20), seed=5, size=0.05))
    assert counts() == before
    assert "loaded already (size 0.03, seed 1, en, 2026-11-20)" in said[0]


def test_files_are_not_taken_for_loaded_where_something_else_is(on_day, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    setting = on_day(date(2026, 11, 20))
    load(setting)
    before = counts()
    with pytest.raises(Conflict) as error:
        load(setting, tmp_path)
    issue = error.value.issues[0]
    assert (issue.code, issue.field, issue.value) == ("other_data", "data", str(tmp_path))
    assert "make clean" in issue.remedy
    assert counts() == before


def test_load_that_broke_off_goes_on(on_day, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    setting = on_day(date(2026, 11, 20))

    def break_off(*args: object) -> None:
        raise ConnectionError("the server went away")

    with monkeypatch.context() as patch:
        patch.setattr(loading, "set_schemes", break_off)
        with pytest.raises(ConnectionError):
            load(setting)
    assert (YearPlan.all_rows.count(), Scheme.all_rows.count()) == (2, 0)
    load(setting)
    assert Scheme.all_rows.count() == 7
    assert YearPlan.all_rows.count() == 2
    assert PayPeriod.all_rows.filter(status="closed").count() >= 12


def test_data_of_a_company_are_never_mixed_with_the_demo(on_day) -> None:  # type: ignore[no-untyped-def]
    on_day(date(2026, 11, 20))
    Organisation.objects.create(pk=1, name="A real company")
    forget_organisation()
    with pytest.raises(CommandError, match="organisation='A real company': This installation has data of its own"):
        call_command("load_demo", size=SIZE, stdout=StringIO())
    assert (Company.all_rows.count(), User.objects.count()) == (0, 0)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 11, 22), date(2026, 3, 1)])
def test_any_day_has_plans_closed_months_and_work(on_day, today: date) -> None:  # type: ignore[no-untyped-def]
    load(on_day(today))
    agreed = YearPlan.all_rows.filter(status="agreed").values_list("year", flat=True)
    assert {today.year, today.year - 1} <= set(agreed)
    open_months = PayPeriod.all_rows.exclude(status="closed")
    assert [period.month_on for period in open_months] == [today.replace(day=1)]
    assert PayPeriod.all_rows.filter(status="closed").count() >= 15
    assert DailyTarget.all_rows.filter(on__gte=today).exists()
    assert Task.all_rows.filter(status="open").exists()
    assert Payment.all_rows.filter(paid_on__gte=today).count() == 0


def test_each_role_signs_in(on_day) -> None:  # type: ignore[no-untyped-def]
    load(on_day(date(2026, 11, 20)))
    logins = demo_logins()
    assert [login.role for login in logins] == [role.value for role in Role]
    for login in logins:
        user = authenticate(username=login.email, email=login.email, password=login.password)
        assert isinstance(user, User), login.role
        assert user.employee.full_name == login.shows
    assert "(demo)" in organisation().name


def test_russian_department_speaks_russian(on_day) -> None:  # type: ignore[no-untyped-def]
    setting = on_day(date(2026, 11, 20))
    load(Setting(setting.today, size=SIZE, language="ru"))
    assert (organisation().currency, organisation().country, organisation().time_zone) == ("RUB", "RU", "Europe/Moscow")
    assert set(User.objects.values_list("language", flat=True)) == {"ru"}
    assert all("«" in name for name in Company.all_rows.values_list("name", flat=True))


@pytest.mark.parametrize("option", ["--size=0", "--size=-1", "--size=nan"])
def test_impossible_size_is_refused(option: str) -> None:
    with pytest.raises(CommandError, match="size="):
        call_command("load_demo", option, stdout=StringIO())
    assert Company.all_rows.count() == 0


def test_malformed_files_are_refused_and_nothing_is_written(on_day, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    on_day(date(2026, 11, 20))
    (tmp_path / "products.csv").write_text("product,series\n")
    with pytest.raises(CommandError, match=r"products\.csv:1:sales_price"):
        call_command("load_demo", data=str(tmp_path), stdout=StringIO())
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)
