"""What a run could not compute is shown where the period is approved, and accepted there."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from compensation.engine.terms import Salary
from compensation.ledger.commissions import run_commissions
from compensation.models import Component, PayPeriod, UncomputedEarning
from salesys.db import clock
from tests.compensation import world
from tests.compensation.world import day
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> UncomputedEarning:
    """January is computed but for one component of the seller, the run of which found steps with a gap."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 20, 9, tzinfo=UTC))
    world.paid_by(world.scheme(Salary(Decimal(60_000))), company.seller.employee)
    run_commissions(actor=None, as_of=day(1, 31))
    return UncomputedEarning.all_rows.create(
        payee=company.seller.employee,
        component=Component.all_rows.get(),
        month_on=day(1),
        problem="tiers_not_contiguous",
        detail="bonus.steps[1].lower 1",
        found_at=clock.now(),
    )


def test_the_period_shows_whose_pay_is_not_computed_and_waits_with_approval(
    company: PersonaCompany, found: UncomputedEarning
) -> None:
    period = PayPeriod.all_rows.get()
    director, url = company.director.client, reverse("compensation:period", args=[period.pk])
    text = director.get(url).content.decode()
    for part in ("Components that could not be computed", company.seller.employee.full_name, "Each tier must begin where"):
        assert part in text
    assert "bonus.steps[1].lower 1" in text
    approve = reverse("compensation:period_approve", args=[period.pk])
    assert approve not in text
    assert "Some components could not be computed." in director.post(approve, follow=True).content.decode()
    period.refresh_from_db()
    assert period.status == "calculated"

    accept = reverse("compensation:uncomputed_accept", args=[found.pk])
    assert "Say why it is accepted." in director.post(accept, {"reason": " "}, follow=True).content.decode()
    found.refresh_from_db()
    assert found.accepted_by is None
    text = director.post(accept, {"reason": "Paid by hand"}, follow=True).content.decode()
    assert "Paid by hand" in text
    assert approve in text
    director.post(approve)
    period.refresh_from_db()
    assert period.status == "approved"


def test_periods_and_runs_say_that_something_is_not_computed(company: PersonaCompany, found: UncomputedEarning) -> None:
    accountant = company.accountant.client
    listed = accountant.get(reverse("compensation:period_list")).content.decode()
    assert "Not computed" in listed
    assert "Some components could not be computed." in accountant.get(reverse("compensation:run_list")).content.decode()
    assert (
        reverse("compensation:uncomputed_accept", args=[found.pk])
        not in accountant.get(reverse("compensation:period", args=[PayPeriod.all_rows.get().pk])).content.decode()
    )
    administrator = company.administrator.client.get(reverse("compensation:run_list")).content.decode()
    assert "Some components could not be computed." not in administrator
    UncomputedEarning.all_rows.all().delete()
    assert "Some components could not be computed." not in accountant.get(reverse("compensation:run_list")).content.decode()
