from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from planning.engine.activities import Activity
from planning.models import HiringLead, Norm
from planning.norms.queries import lead_days, norms_on
from planning.norms.services import NormInput, set_hiring_lead, set_norm
from salesys.db.effective import from_date
from salesys.kernel.errors import InvalidInput, NotAllowed
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db
DIALS = ("telesales", Activity.DIALS)


def dials(per_day: int, availability: str = "0.8") -> NormInput:
    return NormInput("telesales", 3, per_day, Decimal(availability))


def test_usual_norms_hold_until_the_company_sets_its_own(company: PersonaCompany) -> None:
    assert norms_on(date(2026, 1, 1))[DIALS].is_usual
    set_norm(actor=company.marketer.user, norm=dials(70), from_on=date(2026, 2, 1))
    assert norms_on(date(2026, 1, 31))[DIALS].is_usual
    found = norms_on(date(2026, 2, 1))[DIALS]
    assert (found.per_day, found.availability, found.is_usual) == (70, Decimal("0.8"), False)


def test_a_new_norm_closes_the_one_before(company: PersonaCompany) -> None:
    set_norm(actor=None, norm=dials(70), from_on=date(2026, 2, 1))
    set_norm(actor=None, norm=dials(80), from_on=date(2026, 3, 1))
    assert [norms_on(date(2026, month, 1))[DIALS].per_day for month in (2, 3)] == [70, 80]


@pytest.mark.parametrize("from_on", [date(2026, 1, 31), date(2026, 2, 1)])
def test_history_is_not_overwritten(company: PersonaCompany, from_on: date) -> None:
    set_norm(actor=None, norm=dials(70), from_on=date(2026, 2, 1))
    with pytest.raises(InvalidInput) as caught:
        set_norm(actor=None, norm=dials(80), from_on=from_on)
    assert caught.value.issues[0].code == "norm_begins_later"
    assert [norm.per_day for norm in Norm.all_rows.all()] == [70]


@pytest.mark.parametrize(
    ("norm", "field"),
    [
        (NormInput("accountant", 3, 5), "role"),
        (NormInput("telesales", 3, 0), "per_day"),
        (NormInput("telesales", 3, 1001), "per_day"),
        (NormInput("telesales", 3, 5, Decimal(0)), "availability"),
        (NormInput("telesales", 3, 5, Decimal("1.01")), "availability"),
    ],
)
def test_a_norm_that_cannot_be_is_refused(company: PersonaCompany, norm: NormInput, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        set_norm(actor=None, norm=norm, from_on=date(2026, 2, 1))
    assert caught.value.issues[0].field == field
    assert not Norm.all_rows.exists()


def test_others_do_not_set_norms(company: PersonaCompany) -> None:
    with pytest.raises(NotAllowed):
        set_norm(actor=company.telesales.user, norm=dials(1), from_on=date(2026, 2, 1))
    with pytest.raises(NotAllowed):
        set_hiring_lead(actor=company.telesales.user, role="telesales", hiring_days=1, training_days=1)
    assert not Norm.all_rows.exists()
    assert not HiringLead.all_rows.exists()


def test_the_database_refuses_overlapping_norms(company: PersonaCompany) -> None:
    set_norm(actor=None, norm=dials(70), from_on=date(2026, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Norm.all_rows.create(role="telesales", activity=3, per_day=5, valid=from_date(date(2026, 5, 1)))


def test_hiring_takes_the_companys_days(company: PersonaCompany) -> None:
    assert lead_days()["telesales"] == 45
    set_hiring_lead(actor=company.director.user, role="telesales", hiring_days=20, training_days=10)
    assert lead_days()["telesales"] == 30


@pytest.mark.parametrize(("hiring", "training"), [(-1, 0), (0, -1), (1001, 0)])
def test_days_out_of_range_are_refused(company: PersonaCompany, hiring: int, training: int) -> None:
    with pytest.raises(InvalidInput):
        set_hiring_lead(actor=None, role="telesales", hiring_days=hiring, training_days=training)
    assert not HiringLead.all_rows.exists()
