from __future__ import annotations

from datetime import date

import pytest

from planning.calendar.queries import previous_workday, usual_hours, workdays, workdays_of
from planning.calendar.services import correct_day, remove_correction
from planning.models import CalendarCorrection
from salesys.db.organisation import forget_organisation, organisation
from salesys.kernel.errors import InvalidInput, NotAllowed
from salesys.kernel.periods import Month
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db


def test_the_calendar_follows_the_country(company: PersonaCompany) -> None:
    """Russia: 1 to 8 January 2026 are holidays, 9 January was made a day off by a transfer."""
    january = {day.on.day for day in workdays_of(Month(2026, 1)) if day.hours}
    assert january == {12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30}


def test_an_unknown_country_works_monday_to_friday(company: PersonaCompany) -> None:
    row = organisation()
    row.country = "QQ"
    row.save()
    forget_organisation()
    assert [usual_hours(date(2026, 1, day)) for day in (1, 2, 3, 4, 5)] == [8, 8, 0, 0, 8]


def test_a_correction_wins_and_can_be_taken_back(company: PersonaCompany) -> None:
    day = date(2026, 3, 3)
    correct_day(actor=company.administrator.user, on=day, hours=0, reason="Fair")
    assert workdays(day, day)[0].hours == 0
    correction = correct_day(actor=company.director.user, on=day, hours=4, reason="Half a fair")
    assert workdays(day, day)[0].hours == 4
    assert CalendarCorrection.all_rows.count() == 1
    remove_correction(actor=company.hr.user, correction=correction)
    assert workdays(day, day)[0].hours == 8


def test_the_working_day_before_skips_days_off(company: PersonaCompany) -> None:
    assert previous_workday(date(2026, 3, 16)) == date(2026, 3, 13)
    correct_day(actor=None, on=date(2026, 3, 13), hours=0, reason="Fair")
    assert previous_workday(date(2026, 3, 16)) == date(2026, 3, 12)


@pytest.mark.parametrize(("hours", "reason", "field"), [(-1, "Fair", "hours"), (13, "Fair", "hours"), (0, "  ", "reason")])
def test_a_correction_that_cannot_be_is_refused(company: PersonaCompany, hours: int, reason: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        correct_day(actor=None, on=date(2026, 3, 3), hours=hours, reason=reason)
    assert caught.value.issues[0].field == field
    assert not CalendarCorrection.all_rows.exists()


def test_others_do_not_keep_the_calendar(company: PersonaCompany) -> None:
    with pytest.raises(NotAllowed):
        correct_day(actor=company.seller.user, on=date(2026, 3, 3), hours=0, reason="Rest")
    correction = correct_day(actor=None, on=date(2026, 3, 3), hours=0, reason="Fair")
    with pytest.raises(NotAllowed):
        remove_correction(actor=company.seller.user, correction=correction)
    assert CalendarCorrection.all_rows.count() == 1
