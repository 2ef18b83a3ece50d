"""Strange rows: what is clear is repaired, what is not is kept and listed, and none disappears."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import Assignment, Employee
from accounts.roles import Role
from pipeline.models import Company, Contract, Deal, ImportIssue, Payment, StageChange
from salesys.intake.services import FileCount, Outcome, import_sales_data
from tests.intake.conftest import add_line

pytestmark = pytest.mark.django_db


def load(folder: Path) -> Outcome:
    outcome = import_sales_data(actor=None, folder=folder)
    assert all(count.rows_in == count.created + count.known + count.listed for count in outcome.counts)
    return outcome


def issue(line: int, file: str = "sales_pipeline.csv") -> list[tuple[str, str, str]]:
    return list(ImportIssue.all_rows.filter(file=file, line=line).order_by("code").values_list("code", "field", "status"))


def pipeline(outcome: Outcome) -> FileCount:
    return outcome.counts[-1]


def test_good_rows_are_loaded_as_they_are(folder: Path) -> None:
    load(folder)
    deal = Deal.all_rows.get(external_id="A1")
    assert (deal.status, deal.amount, deal.opened_on, deal.closed_on) == (
        "won", Decimal("4900.00"), date(2016, 10, 20), date(2017, 3, 1),
    )  # fmt: skip
    steps = StageChange.all_rows.filter(deal=deal).values_list("from_stage__code", "to_stage__code", "on")
    assert list(steps) == [
        (None, "new", date(2016, 10, 20)),
        ("new", "engaged", date(2016, 10, 20)),
        ("engaged", "won", date(2017, 3, 1)),
    ]
    contract = Contract.all_rows.get(deal=deal)
    payment = Payment.all_rows.get(contract=contract)
    assert (payment.amount, payment.vat_rate, payment.source, payment.reference) == (Decimal("4900.00"), 0, "import", "CRM-A1")
    lost = Deal.all_rows.get(external_id="A3")
    assert (lost.status, lost.amount) == ("lost", Decimal("55.00"))


def test_hunter_is_who_won_first_even_from_another_row(folder: Path) -> None:
    load(folder)
    company = Company.all_rows.get(name="Acme")
    hunter = company.relationships.get()
    assert (hunter.employee.full_name, hunter.valid_from) == ("Bob Birch", date(2017, 2, 27))
    assert company.direction is not None
    assert company.direction.name == "Team of Max Moor"
    bluth = Company.all_rows.get(name="Bluth")
    assert bluth.relationships.count() == 0
    assert bluth.direction is not None
    assert bluth.direction.name == "Team of Nora North"


def test_spelling_is_repaired_where_one_name_fits(folder: Path) -> None:
    add_line(folder, "sales_pipeline.csv", "B1,ann  ash,mg-special,ACME,Won,1/1/2017,3/5/2017,50")
    load(folder)
    deal = Deal.all_rows.select_related("seller", "product", "company").get(external_id="B1")
    assert (deal.seller.full_name, deal.product.name, deal.company.name) == ("Ann Ash", "MG Special", "Acme")  # type: ignore[union-attr]
    assert issue(7) == [
        ("account_spelling", "account", "repaired"),
        ("product_spelling", "product", "repaired"),
        ("sales_agent_spelling", "sales_agent", "repaired"),
    ]


def test_opportunity_without_account_is_kept_open_without_one(folder: Path) -> None:
    load(folder)
    deal = Deal.all_rows.get(external_id="A5")
    assert (deal.company, deal.status, deal.title) == (None, "open", "GTX Pro")
    assert issue(6) == [("no_account", "account", "open"), ("no_date", "engage_date", "repaired")]


@pytest.mark.parametrize(
    ("line", "stage", "codes"),
    [
        ("B1,Ann Ash,GTX Pro,,Won,1/1/2017,3/1/2017,5", "contract", ["cannot_be_closed", "no_account"]),
        ("B1,Ann Ash,GTX Pro,Nobody,Won,1/1/2017,3/1/2017,5", "contract", ["cannot_be_closed", "unknown_account"]),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,,5", "contract", ["cannot_be_closed"]),
        ("B1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,0", "contract", ["cannot_be_closed"]),
        ("B1,Ann Ash,GTX Pro,Acme,Lost,1/1/2017,,0", "engaged", ["cannot_be_closed"]),
        ("B1,Ann Ash,GTX Pro,Acme,Engaging,1/1/2017,2/2/2017,", "engaged", ["open_with_close_date"]),
        ("B1,Ann Ash,Unheard,Acme,Engaging,1/1/2017,,", "engaged", ["unknown_product"]),
    ],
)
def test_unclear_row_is_kept_open_and_listed(folder: Path, line: str, stage: str, codes: list[str]) -> None:
    add_line(folder, "sales_pipeline.csv", line)
    outcome = load(folder)
    deal = Deal.all_rows.select_related("stage").get(external_id="B1")
    assert (deal.status, deal.stage.code, deal.closed_on) == ("open", stage, None)
    assert [(code, status) for code, _field, status in issue(7)] == [(code, "open") for code in codes]
    assert Contract.all_rows.filter(deal=deal).count() == 0
    assert pipeline(outcome).listed == 0


def test_deal_that_ended_before_it_began_ends_on_its_first_day(folder: Path) -> None:
    add_line(folder, "sales_pipeline.csv", "B1,Ann Ash,GTX Pro,Acme,Won,3/9/2017,3/5/2017,50")
    load(folder)
    deal = Deal.all_rows.get(external_id="B1")
    assert (deal.opened_on, deal.closed_on) == (date(2017, 3, 5), date(2017, 3, 5))
    assert issue(7) == [("closed_before_engaged", "close_date", "open")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A1,Ann Ash,GTX Pro,Acme,Won,1/1/2017,3/1/2017,5", "doubled_id"),
        ("B1,Nobody Known,GTX Pro,Acme,Won,1/1/2017,3/1/2017,5", "unknown_agent"),
        ("B1,,GTX Pro,Acme,Won,1/1/2017,3/1/2017,5", "unknown_agent"),
    ],
)
def test_row_that_cannot_be_a_deal_is_listed_with_all_it_says(folder: Path, line: str, code: str) -> None:
    add_line(folder, "sales_pipeline.csv", line)
    outcome = load(folder)
    assert (pipeline(outcome).created, pipeline(outcome).listed) == (5, 1)
    found = ImportIssue.all_rows.get(file="sales_pipeline.csv", line=7, code=code)
    columns = ("opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value")
    assert ",".join(found.row[column] for column in columns) == line
    assert Payment.all_rows.count() == 2


def test_parents_in_a_circle_and_unknown_parents_are_listed(folder: Path) -> None:
    add_line(folder, "accounts.csv", "Cog,retail,2000,1,1,Kenya,Dot")
    add_line(folder, "accounts.csv", "Dot,retail,2000,1,1,Kenya,Cog")
    add_line(folder, "accounts.csv", "Eve,retail,2000,1,1,Kenya,Eve")
    add_line(folder, "accounts.csv", "Fig,retail,2000,1,1,Kenya,Unheard")
    load(folder)
    parents = dict(Company.all_rows.values_list("name", "parent__name"))
    assert parents == {"Acme": None, "Bluth": "Acme", "Cog": "Dot", "Dot": None, "Eve": None, "Fig": None}
    assert [issue(line, "accounts.csv")[0][0] for line in (5, 6, 7)] == ["parent_in_circle", "parent_in_circle", "unknown_parent"]


def test_doubled_names_are_listed_and_loaded_once(folder: Path) -> None:
    add_line(folder, "accounts.csv", "ACME,retail,2000,1,1,Kenya,")
    add_line(folder, "sales_teams.csv", "Ann Ash,Nora North,West")
    outcome = load(folder)
    assert [count.listed for count in outcome.counts] == [0, 1, 1, 0]
    assert Company.all_rows.count() == 2
    assert Assignment.all_rows.filter(employee__full_name="Ann Ash").count() == 1


def test_manager_who_sells_is_one_person(folder: Path) -> None:
    add_line(folder, "sales_teams.csv", "max moor,Max  Moor,east")
    add_line(folder, "sales_pipeline.csv", "B1,Max Moor,GTX Pro,Acme,Engaging,1/1/2017,,")
    load(folder)
    place = Assignment.all_rows.get(employee__full_name="max moor")
    assert (place.role, place.manager) == (Role.INDUSTRY_HEAD, None)
    assert Employee.all_rows.filter(full_name__iexact="max moor").count() == 1
    assert Assignment.all_rows.get(employee__full_name="Ann Ash").manager == place.employee


def test_millions_and_time_zones(folder: Path) -> None:
    load(folder)
    acme = Company.all_rows.get(name="Acme")
    bluth = Company.all_rows.get(name="Bluth")
    assert (acme.annual_revenue, acme.time_zone) == (Decimal("1100040000.00"), "")
    assert (bluth.annual_revenue, bluth.employee_count, bluth.time_zone) == (None, None, "Africa/Nairobi")
    assert acme.industry is not None
    assert acme.industry.name == "Technology"
