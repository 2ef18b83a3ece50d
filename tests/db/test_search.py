from __future__ import annotations

import pytest

from pipeline.clients.models import Company
from salesys.db.search import name_contains

pytestmark = pytest.mark.django_db


@pytest.fixture
def companies() -> None:
    for name in ("ООО «Ёлочка»", "ОАО Елена  Прекрасная", "Acme Corporation", "Acme"):
        Company.all_rows.create(name=name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ёлоч", ["ООО «Ёлочка»"]),
        ("ЕЛОЧКА", ["ООО «Ёлочка»"]),
        ("елена прекр", ["ОАО Елена  Прекрасная"]),
        ("«ёл", []),
        ("acme", ["Acme", "Acme Corporation"]),
        ("ac", ["Acme", "Acme Corporation"]),
        ("me", []),
        ("corporation acme", []),
    ],
)
def test_names_are_found_whatever_the_case_quotes_and_yo(companies: None, text: str, names: list[str]) -> None:
    assert [company.name for company in Company.all_rows.filter(name_contains(text))] == names


def test_the_keys_follow_the_name(companies: None) -> None:
    company = Company.all_rows.get(name="Acme")
    Company.all_rows.filter(pk=company.pk).update(name="Ёж")
    company.refresh_from_db()
    assert (company.name_key, sorted(company.name_trigrams)) == ("еж", ["  е", " еж", "еж "])
