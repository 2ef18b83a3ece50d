"""The published files against an oracle that knows the csv module and nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, Min, Sum

from accounts.models import Assignment, Department, Direction, Employee
from accounts.roles import Role
from pipeline.models import Company, Contract, Deal, ImportIssue, Industry, Payment, Product, Relationship, StageChange
from salesys.intake.services import Outcome

pytestmark = pytest.mark.django_db


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


@pytest.fixture(scope="module")
def pipeline(sales_files: Path) -> list[dict[str, str]]:
    return rows_of(sales_files, "sales_pipeline.csv")


@pytest.fixture(scope="module")
def won(pipeline: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in pipeline if row["deal_stage"] == "Won"]


def test_no_row_disappears(real_sales_data: Outcome, sales_files: Path) -> None:
    for count in real_sales_data.counts:
        assert count.rows_in == len(rows_of(sales_files, count.file)) == count.created + count.known + count.listed
    assert [count.listed for count in real_sales_data.counts] == [0, 0, 0, 0]


def test_totals_are_those_of_the_files(real_sales_data: Outcome, won: list[dict[str, str]]) -> None:
    paid = Payment.all_rows.aggregate(Count("pk"), with_tax=Sum("amount"), without_tax=Sum("amount_without_vat"))
    assert (paid["pk__count"], paid["without_tax"]) == (4238, Decimal(10_005_534))
    assert paid["without_tax"] == paid["with_tax"] == sum(int(row["close_value"]) for row in won)
    assert Contract.all_rows.aggregate(total=Sum("amount"))["total"] == paid["without_tax"]
    assert Contract.all_rows.count() == len(won)


def test_payments_by_seller_and_month_are_those_of_the_files(real_sales_data: Outcome, won: list[dict[str, str]]) -> None:
    wanted: Counter[tuple[str, int, int]] = Counter()
    for row in won:
        on = day(row["close_date"])
        wanted[row["sales_agent"], on.year, on.month] += int(row["close_value"])
    found: Counter[tuple[str, int, int]] = Counter()
    for name, on, amount in Payment.all_rows.values_list("contract__seller__full_name", "paid_on", "amount_without_vat"):
        found[name, on.year, on.month] += int(amount)
    assert found == wanted


def test_each_opportunity_is_a_deal_with_its_stages(real_sales_data: Outcome, pipeline: list[dict[str, str]]) -> None:
    stages = {"Prospecting": "new", "Engaging": "engaged", "Won": "won", "Lost": "lost"}
    wanted = {
        row["opportunity_id"]: (stages[row["deal_stage"]], row["account"] or None, row["sales_agent"], row["close_date"] or None)
        for row in pipeline
    }
    found = {
        key: (stage, account, seller, closed and f"{closed.month}/{closed.day}/{closed.year}")
        for key, stage, account, seller, closed in Deal.all_rows.values_list(
            "external_id", "stage__code", "company__name", "seller__full_name", "closed_on"
        )
    }
    assert found == wanted
    steps = dict(StageChange.all_rows.values_list("to_stage__code").annotate(Count("pk")))
    assert steps == {"new": 8800, "engaged": 8300, "won": 4238, "lost": 2473}
    first = dict(StageChange.all_rows.filter(from_stage=None).values_list("deal__external_id").annotate(Min("on")))
    assert all(first[row["opportunity_id"]] == day(row["engage_date"]) for row in pipeline if row["engage_date"])


def test_people_stand_in_offices_and_teams(real_sales_data: Outcome, sales_files: Path) -> None:
    teams = rows_of(sales_files, "sales_teams.csv")
    wanted = {(row["sales_agent"], row["manager"], row["regional_office"], f"Team of {row['manager']}") for row in teams}
    sellers = Assignment.all_rows.filter(role=Role.SELLER)
    assert set(sellers.values_list("employee__full_name", "manager__full_name", "department__name", "direction__name")) == wanted
    heads = Assignment.all_rows.filter(role=Role.INDUSTRY_HEAD).values_list("employee__full_name", "direction__name")
    assert set(heads) == {(row["manager"], f"Team of {row['manager']}") for row in teams}
    assert (Employee.all_rows.count(), Department.all_rows.count(), Direction.all_rows.count()) == (41, 3, 6)


def test_companies_have_industries_parents_and_money(real_sales_data: Outcome, sales_files: Path) -> None:
    accounts = rows_of(sales_files, "accounts.csv")
    wanted = {
        row["account"]: (
            row["sector"].replace("technolgy", "technology").capitalize(),
            row["subsidiary_of"] or None,
            Decimal(row["revenue"]) * 1_000_000,
            int(row["employees"]),
        )
        for row in accounts
    }
    found = {
        name: values
        for name, *values in Company.all_rows.values_list(
            "name", "industry__name", "parent__name", "annual_revenue", "employee_count"
        )
    }
    assert {name: tuple(values) for name, values in found.items()} == wanted
    assert Industry.all_rows.count() == 10
    assert Product.all_rows.count() == 7


def test_hunter_is_the_seller_of_the_first_won_deal(real_sales_data: Outcome, won: list[dict[str, str]]) -> None:
    wanted: dict[str, tuple[str, date]] = {}
    for row in sorted(won, key=lambda row: day(row["close_date"])):
        wanted.setdefault(row["account"], (row["sales_agent"], day(row["close_date"])))
    hunters = Relationship.all_rows.filter(kind="hunter").values_list("company__name", "employee__full_name", "valid")
    assert {name: (seller, valid.lower) for name, seller, valid in hunters} == wanted
    assert all(valid.upper is None for _name, _seller, valid in hunters)
    payments = Payment.all_rows.values_list("company__name", "paid_on")
    assert [name for name, paid_on in payments if paid_on < wanted[name][1]] == []


def test_dirt_is_reported(real_sales_data: Outcome) -> None:
    found = ImportIssue.all_rows.values_list("status", "file", "code").annotate(Count("pk"))
    assert set(found) == {
        ("open", "sales_pipeline.csv", "no_account", 1425),
        ("open", "sales_teams.csv", "agent_without_opportunities", 5),
        ("repaired", "accounts.csv", "office_location_spelling", 1),
        ("repaired", "accounts.csv", "sector_spelling", 12),
        ("repaired", "sales_pipeline.csv", "no_date", 500),
        ("repaired", "sales_pipeline.csv", "product_spelling", 1480),
    }
    issue: Any = ImportIssue.all_rows.filter(code="product_spelling").order_by("line")[0]
    deal = Deal.all_rows.get(pk=issue.object_id)
    assert (issue.line, issue.value, issue.object_type, deal.external_id) == (3, "GTXPro", "pipeline.deal", "Z063OYW0")
    assert issue.row["opportunity_id"] == "Z063OYW0"
    assert deal.product is not None
    assert deal.product.name == "GTX Pro"
