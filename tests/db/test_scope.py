from __future__ import annotations

import pytest
from django.db.models import Q

from pipeline.clients.models import Company, CompanyQuerySet
from salesys.db.scope import Viewer

pytestmark = pytest.mark.django_db


def viewer(reach: str | None) -> Viewer:
    return Viewer(user_id=1, employee_id=1, role="seller", reaches={"clients": reach} if reach else {})


@pytest.fixture
def company() -> Company:
    created: Company = Company.all_rows.create(name="Acme")
    return created


def test_objects_yields_nothing_until_somebody_looks(company: Company) -> None:
    assert list(Company.objects.all()) == []
    assert Company.objects.filter(pk=company.pk).exists() is False
    assert Company.objects.count() == 0


def test_a_kind_that_the_table_does_not_open_is_closed(company: Company) -> None:
    assert list(Company.objects.visible_to(viewer(None))) == []
    assert list(Company.objects.visible_to(viewer("none"))) == []


def test_reach_all_opens_every_row(company: Company) -> None:
    assert list(Company.objects.visible_to(viewer("all"))) == [company]


def test_a_reach_is_what_the_queryset_says(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Company.all_rows.create(name="Other")
    monkeypatch.setattr(CompanyQuerySet, "reach_own", lambda _rows, _viewer: Q(name="Other"))
    assert list(Company.objects.visible_to(viewer("own"))) == [other]


def test_a_reach_without_a_meaning_is_an_error_not_an_open_door(company: Company) -> None:
    with pytest.raises(AttributeError):
        Company.objects.visible_to(viewer("unheard_of"))


def test_relations_and_internals_use_the_raw_manager(company: Company) -> None:
    subsidiary = Company.all_rows.create(name="Acme East", parent=company)
    assert list(company.subsidiaries.all()) == [subsidiary]
    assert Company._default_manager.count() == Company._base_manager.count() == 2
