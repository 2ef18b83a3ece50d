from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from compensation.engine.newness import NewUntil
from compensation.engine.terms import CreditRole, PlanBonus, Rate, Salary, TeamPool, Tier
from compensation.models import Scheme, SchemeAssignment, SchemeVersion
from compensation.schemes.services import create_scheme
from compensation.schemes.terms import scheme_terms
from salesys.db import clock
from tests.compensation import world
from tests.personas import PersonaCompany

pytestmark = pytest.mark.django_db

STEPS = (Tier(Decimal(0), Decimal(1), Decimal(0)), Tier(Decimal(1), None, Decimal(15_000)))


def posted(page: Any, **changes: Any) -> dict[str, Any]:
    """What the browser sends when the page is saved as it stands, with some changes."""
    forms = [page.context["form"], *page.context["parts"], page.context["parts"].management_form]
    values = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {name: "" if value is None else value for name, value in (values | changes).items()}


def test_saving_the_page_as_it_stands_repeats_the_terms(company: PersonaCompany) -> None:
    terms = (
        Salary(Decimal(60_000)),
        Rate(CreditRole.HUNTER, rate=Decimal("0.1"), cap=Decimal(500)),
        PlanBonus(STEPS),
        TeamPool(Decimal("0.03"), Decimal(100)),
    )
    scheme = world.scheme(*terms)
    url, browser = reverse("compensation:scheme_edit", args=[scheme.pk]), company.director.client
    page = browser.get(url)
    assert page.status_code == 200
    answer = browser.post(url, posted(page, from_on="2026-05-01", note="As before"))
    assert answer.status_code == 302
    first, second = SchemeVersion.all_rows.filter(scheme=scheme).order_by("valid")
    assert scheme_terms(first) == scheme_terms(second)
    assert (second.note, second.saved_by) == ("As before", company.director.user)


@pytest.mark.parametrize("rule", ["first_deal", "first_month", "days:1", "days:300", "days:3660"])
def test_the_page_keeps_the_rule_of_new_clients_that_the_version_has(company: PersonaCompany, rule: str) -> None:
    scheme = world.scheme(Salary(Decimal(1)), new_until=NewUntil.parse(rule))
    url, browser = reverse("compensation:scheme_edit", args=[scheme.pk]), company.director.client
    page = browser.get(url)
    assert str(page.context["form"]["new_until"]).count(" selected") == 1
    assert browser.post(url, posted(page, from_on="2026-05-01")).status_code == 302
    assert list(SchemeVersion.all_rows.filter(scheme=scheme).values_list("new_until", flat=True)) == [rule, rule]


def test_a_decider_writes_another_number_of_days_and_any_other_rule_leaves_them_out(company: PersonaCompany) -> None:
    scheme = world.scheme(Salary(Decimal(1)), new_until=NewUntil.parse("days:300"))
    url, browser = reverse("compensation:scheme_edit", args=[scheme.pk]), company.director.client
    browser.post(url, posted(browser.get(url), from_on="2026-05-01", days="45"))
    browser.post(url, posted(browser.get(url), from_on="2026-06-01", new_until="first_month"))
    saved = SchemeVersion.all_rows.filter(scheme=scheme).order_by("valid").values_list("new_until", flat=True)
    assert list(saved) == ["days:300", "days:45", "first_month"]
    shown = browser.get(reverse("compensation:scheme", args=[scheme.pk])).content.decode()
    for words in ("300 days after its first payment", "45 days after its first payment", "the month of its first payment ends"):
        assert words in shown
    assert "days:300" not in shown


def test_a_change_of_terms_is_offered_from_the_next_month_on(company: PersonaCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 10, 9, tzinfo=UTC))
    browser = company.director.client
    written, empty = world.scheme(Salary(Decimal(60_000))), create_scheme(actor=None, name="New")
    offered = [
        browser.get(reverse("compensation:scheme_edit", args=[scheme.pk])).context["form"]["from_on"].value()
        for scheme in (written, empty)
    ]
    assert offered == [date(2027, 1, 1), date(2026, 12, 10)]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"parts-1-rate": "-0.1"}, "This may not be negative"),
        ({"parts-1-rate": "much"}, "Enter a number"),
        ({"parts-1-tiers": "0 - 5: 0.1\n6 -: 0.2"}, "Each tier must begin where the one before it ends"),
        ({"parts-1-tiers": "zero"}, "is not a tier"),
        ({"parts-1-tiers": "0 - : 1.1.1"}, "not a number"),
        ({"parts-1-tiers": "0 - : 2"}, "A rate is a share"),
        ({"parts-1-tiers": "0 - : " + "9" * 4400}, "not a number"),
        ({"parts-1-credit_role": ""}, "this kind of component needs it"),
        ({"parts-1-tier_on": ""}, "this kind of component needs it"),
        ({"parts-0-kind": "plan_bonus", "parts-0-step_unit": "", "parts-0-tiers": "0 -: 1"}, "this kind of component needs it"),
        ({"parts-1-floor_amount": "600"}, "The floor is above the cap"),
        ({"from_on": "2026-01-01"}, "begins on that date already"),
        ({"from_on": ""}, "This field is required"),
        ({"new_until": "ever"}, "Select a valid choice"),
        ({"new_until": "days"}, "Write how many days."),
        ({"new_until": "days", "days": "0"}, "greater than or equal to 1"),
        ({"new_until": "days", "days": "3661"}, "less than or equal to 3660"),
        ({"new_until": "days", "days": "many"}, "Enter a whole number"),
        ({"parts-0-kind": "", "parts-1-kind": ""}, "pays nobody anything"),
    ],
)
def test_a_fault_is_shown_beside_its_field_and_nothing_is_saved(
    company: PersonaCompany, changes: dict[str, str], text: str
) -> None:
    scheme = world.scheme(Salary(Decimal(1)), Rate(CreditRole.HUNTER, rate=Decimal("0.1"), cap=Decimal(500)))
    url, browser = reverse("compensation:scheme_edit", args=[scheme.pk]), company.director.client
    answer = browser.post(url, posted(browser.get(url), **({"from_on": "2026-05-01"} | changes)))
    assert answer.status_code == 400
    assert text in answer.content.decode()
    assert SchemeVersion.all_rows.filter(scheme=scheme).count() == 1


def test_a_new_scheme_leads_to_its_first_version(company: PersonaCompany) -> None:
    browser = company.owner.client
    answer = browser.post(reverse("compensation:scheme_new"), {"name": "Night shift"}, follow=True)
    scheme = Scheme.all_rows.get(name="Night shift")
    assert answer.redirect_chain[-1][0] == reverse("compensation:scheme_edit", args=[scheme.pk])
    again = browser.post(reverse("compensation:scheme_new"), {"name": "Night shift"})
    assert again.status_code == 400
    assert "There is a scheme of this name (Night shift)" in again.content.decode()
    assert browser.get(reverse("compensation:scheme", args=[scheme.pk])).status_code == 200


def test_a_scheme_is_assigned_from_its_page(company: PersonaCompany) -> None:
    scheme = world.scheme(Salary(Decimal(1)))
    url, browser = reverse("compensation:scheme_assign", args=[scheme.pk]), company.director.client
    assert browser.post(url, {"employee": company.seller.employee.pk, "from_on": "2026-02-01"}).status_code == 302
    refused = browser.post(url, {"from_on": "2026-02-01"})
    assert refused.status_code == 400
    assert "Choose a person or a role" in refused.content.decode()
    assert SchemeAssignment.all_rows.get().employee == company.seller.employee
    seen = company.seller.client.get(reverse("compensation:scheme_list")).content.decode()
    assert scheme.name in seen
    assert company.second_seller.client.get(reverse("compensation:scheme", args=[scheme.pk])).status_code == 404
