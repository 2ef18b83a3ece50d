"""The demo on the published files: their figures unchanged, and around them all that the loop needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Max, Sum

from accounts.roles import Role
from compensation.ledger.models import PayPeriod
from pipeline.models import CallListEntry, Company, Deal, Payment, Task
from planning.goals.models import YearPlan
from salesys.db import clock
from salesys.db.organisation import forget_organisation, organisation
from salesys.demo.loading import load_demo
from salesys.demo.logins import demo_logins
from salesys.demo.setting import Setting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def test_published_files_become_a_demo(sales_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_organisation()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 15, tzinfo=UTC))
    setting = Setting(TODAY)
    said: list[str] = []
    assert load_demo(setting=setting, folder=sales_files, say=said.append) is True
    paid = Payment.all_rows.aggregate(Count("pk"), Sum("amount_without_vat"), Max("paid_on"))
    assert paid == {"pk__count": 4238, "amount_without_vat__sum": Decimal(10_005_534), "paid_on__max": date(2026, 11, 22)}
    assert Deal.all_rows.count() == 8800
    assert any(line.split() == ["all", "8927", "8927", "0", "0", "8927", "1993", "1430"] for line in said)
    assert [login.role for login in demo_logins()] == [role.value for role in Role]
    assert (organisation().currency, "(demo)" in organisation().name) == ("USD", True)
    leads = Company.all_rows.filter(source="Demo")
    assert CallListEntry.all_rows.filter(state="waiting").count() == leads.count() == 360
    assert set(YearPlan.all_rows.filter(status="agreed").values_list("year", flat=True)) == {2026}
    assert PayPeriod.all_rows.filter(status="closed").count() == 10
    assert Task.all_rows.filter(status="open", due_on__gte=TODAY).exists()
    assert load_demo(setting=setting, folder=sales_files, say=said.append) is False
    assert Payment.all_rows.count() == 4238
    forget_organisation()
