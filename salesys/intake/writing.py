"""The picture into tables: small ones by the ORM, large ones by COPY; what is there already stays as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.people.models import Employee
from accounts.roles import Role
from accounts.structure.models import Assignment, Department, DepartmentKind, Direction
from pipeline.clients.models import Company, Industry, Relationship
from pipeline.deals.models import Deal, Product, Stage, StageChange
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.money.models import Contract, Payment
from salesys.db.copying import copy_rows, count_anew, reserve_ids
from salesys.db.effective import from_date
from salesys.intake.opportunities import Opportunity
from salesys.intake.picture import Account, Picture
from salesys.intake.repairs import Finding, name_key
from salesys.intake.rows import ACCOUNTS, PIPELINE, PRODUCTS, TEAMS

SOURCE = "CRM"
NO_TAX = Decimal(0)
LONGEST = 300
CODE_LENGTH = 28


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows that were new by file, and the ids that findings refer to by file and line."""

    created: Mapping[str, int]
    objects: Mapping[tuple[str, int], tuple[str, int]]


def person_code(name: str) -> str:
    """The personnel number of an imported person: stable, so that a second load finds the person again."""
    key = name_key(name)
    return (
        f"{SOURCE}-{key}"
        if 0 < len(key) <= CODE_LENGTH
        else f"{SOURCE}-{hashlib.sha256(name.encode()).hexdigest()[:CODE_LENGTH]}"
    )


def direction_name(manager: str) -> str:
    """The name of a manager's direction; the same in every language, for the same reason."""
    return f"Team of {manager}"


def write_picture(picture: Picture, *, currency: str) -> Written:
    """Write what is not there yet; call it inside a transaction."""
    products = _products(picture)
    people = _people(picture)
    companies = _companies(picture)
    _relationships(picture.accounts, companies.ids, people.ids)
    deals = _deals(picture.opportunities, Found(companies.ids, people.ids, products.ids), currency)
    count_anew(Assignment, Company, Relationship, Deal, StageChange, Contract, Payment)
    created = {PRODUCTS: products.created, TEAMS: people.created, ACCOUNTS: companies.created, PIPELINE: deals.created}
    objects = {(PIPELINE, row.line.number): ("pipeline.deal", deals.ids[row.key]) for row in picture.opportunities}
    objects |= {(ACCOUNTS, row.line.number): ("pipeline.company", companies.ids[row.name]) for row in picture.accounts}
    objects |= {(TEAMS, row.line.number): ("accounts.employee", people.ids[row.name]) for row in picture.agents}
    return Written(created, objects)


@dataclass(frozen=True, slots=True)
class Kept:
    """Ids by name, old rows and new ones, and how many rows of the file became new ones."""

    ids: dict[str, int]
    created: int


@dataclass(frozen=True, slots=True)
class Found:
    """What deals refer to."""

    companies: Mapping[str, int]
    people: Mapping[str, int]
    products: Mapping[str, int]


def _ids(model: Any, column: str, values: Iterable[str]) -> dict[str, int]:
    return dict(model.all_rows.filter(**{f"{column}__in": list(values)}).order_by("-pk").values_list(column, "pk"))


def _named(model: Any, names: Iterable[str], **values: object) -> dict[str, int]:
    """Ids of rows by name; those that are missing are made."""
    wanted = list(dict.fromkeys(names))
    known = _ids(model, "name", wanted)
    model.all_rows.bulk_create([model(name=name, **values) for name in wanted if name not in known])
    return _ids(model, "name", wanted)


def _products(picture: Picture) -> Kept:
    known = _ids(Product, "name", [row.name for row in picture.products])
    new = [row for row in picture.products if row.name not in known]
    Product.all_rows.bulk_create([Product(name=row.name, category=row.series, list_price=row.price) for row in new])
    return Kept(_ids(Product, "name", [row.name for row in picture.products]), len(new))


def _people(picture: Picture) -> Kept:
    """Employees with one open assignment each, from the first of the month in which the files begin."""
    codes = {person.name: person_code(person.name) for person in picture.people}
    known = _ids(Employee, "code", codes.values())
    new = [person for person in picture.people if codes[person.name] not in known]
    start = picture.works_from_on
    Employee.all_rows.bulk_create([Employee(full_name=person.name, code=codes[person.name], hired_on=start) for person in new])
    by_code = _ids(Employee, "code", codes.values())
    ids = {name: by_code[code] for name, code in codes.items()}
    departments = _named(Department, (person.office for person in new), kind=DepartmentKind.ACTIVE)
    directions = _named(Direction, (direction_name(person.team) for person in new))
    valid = from_date(start)
    Assignment.all_rows.bulk_create(
        Assignment(
            employee_id=ids[person.name],
            department_id=departments[person.office],
            role=Role.INDUSTRY_HEAD if person.is_head else Role.SELLER,
            direction_id=directions[direction_name(person.team)],
            manager_id=None if person.is_head else ids[person.team],
            valid=valid,
        )
        for person in new
    )
    return Kept(ids, sum(1 for row in picture.agents if codes[row.name] not in known))


def _companies(picture: Picture) -> Kept:
    names = [row.name for row in picture.accounts]
    known = _companies_by_name(names)
    new = [row for row in picture.accounts if row.name not in known]
    industries = _named(Industry, (row.industry for row in new if row.industry))
    directions = _named(Direction, (direction_name(row.team) for row in new if row.team))
    Company.all_rows.bulk_create(_company(row, industries, directions) for row in new)
    ids = _companies_by_name(names)
    for row in new:
        if row.parent is not None:
            Company.all_rows.filter(pk=ids[row.name]).update(parent_id=ids[row.parent])
    return Kept(ids, len(new))


def _companies_by_name(names: Sequence[str]) -> dict[str, int]:
    """By the database's own key, so that `ACME  corporation` entered by hand is the file's `Acme Corporation`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.name, c.id FROM unnest(%s::text[]) AS wanted(name)"
            " JOIN pipeline_company c ON c.name_key = salesys_name_key(wanted.name) ORDER BY c.id DESC",
            [list(names)],
        )
        return dict(cursor.fetchall())


def _company(row: Account, industries: Mapping[str, int], directions: Mapping[str, int]) -> Company:
    return Company(
        name=row.name,
        industry_id=industries.get(row.industry),
        direction_id=directions[direction_name(row.team)] if row.team else None,
        city=row.office,
        time_zone=row.time_zone,
        founded_year=row.founded_year,
        employee_count=row.employees,
        annual_revenue=row.revenue,
        source=SOURCE,
    )


def _relationships(accounts: Iterable[Account], companies: Mapping[str, int], people: Mapping[str, int]) -> None:
    """The seller of a company's first won deal is its hunter from that day, unless it has had a hunter already."""
    hunted = set(Relationship.all_rows.filter(kind=Relationship.Kind.HUNTER).values_list("company_id", flat=True))
    Relationship.all_rows.bulk_create(
        Relationship(
            company_id=companies[row.name],
            employee_id=people[row.hunter],
            kind=Relationship.Kind.HUNTER,
            valid=from_date(row.hunter_from_on),
            reason="First won deal",
        )
        for row in accounts
        if row.hunter is not None and row.hunter_from_on is not None and companies[row.name] not in hunted
    )


def _deals(rows: Sequence[Opportunity], found: Found, currency: str) -> Kept:
    ids = _ids(Deal, "external_id", [row.key for row in rows])
    new = [row for row in rows if row.key not in ids]
    ids |= dict(zip((row.key for row in new), reserve_ids(Deal, len(new)), strict=True))
    stages = dict(Stage.all_rows.values_list("code", "pk"))
    copy_rows(
        Deal,
        (
            "id",
            "title",
            "company_id",
            "product_id",
            "seller_id",
            "stage_id",
            "status",
            "amount",
            "opened_on",
            "closed_on",
            "external_id",
        ),
        (
            (
                ids[row.key],
                " · ".join(part for part in (row.product or row.key, row.account) if part),
                found.companies[row.account] if row.account else None,
                found.products[row.product] if row.product else None,
                found.people[row.agent],
                stages[row.stage],
                row.stage if row.closed_on else "open",
                row.amount,
                row.steps[0].on,
                row.closed_on,
                row.key,
            )
            for row in new
        ),
    )
    copy_rows(StageChange, ("deal_id", "from_stage_id", "to_stage_id", "on"), _stage_changes(new, ids, stages))
    _contracts([row for row in new if row.is_won], ids, found, currency)
    return Kept(ids, len(new))


def _stage_changes(
    rows: Iterable[Opportunity], ids: Mapping[str, int], stages: Mapping[str, int]
) -> Iterable[tuple[int, int | None, int, date]]:
    for row in rows:
        before: int | None = None
        for step in row.steps:
            yield ids[row.key], before, stages[step.stage], step.on
            before = stages[step.stage]


def _contracts(won: Sequence[Opportunity], deals: Mapping[str, int], found: Found, currency: str) -> None:
    """A contract signed and paid on the day on which the deal was won: the files know no other date, and no tax."""
    ids = reserve_ids(Contract, len(won))
    copy_rows(
        Contract,
        ("id", "number", "company_id", "deal_id", "product_id", "seller_id", "signed_on", "due_on", "amount"),
        (
            (
                contract,
                f"{SOURCE}-{row.key}",
                found.companies[row.account or ""],
                deals[row.key],
                found.products[row.product] if row.product else None,
                found.people[row.agent],
                row.closed_on,
                row.closed_on,
                row.amount,
            )
            for contract, row in zip(ids, won, strict=True)
        ),
    )
    copy_rows(
        Payment,
        ("reference", "company_id", "contract_id", "paid_on", "amount", "currency", "vat_rate", "amount_without_vat", "source"),
        (
            (
                f"{SOURCE}-{row.key}",
                found.companies[row.account or ""],
                contract,
                row.closed_on,
                row.amount,
                currency,
                NO_TAX,
                row.amount,
                Payment.Source.IMPORT.value,
            )
            for contract, row in zip(ids, won, strict=True)
        ),
    )


def write_findings(batch: ImportBatch, findings: Iterable[Finding], written: Written) -> None:
    """One issue per finding, with the row as it was."""
    copy_rows(
        ImportIssue,
        ("batch_id", "file", "line", "field", "value", "code", "problem", "remedy", "row", "status", "object_type", "object_id"),
        (
            (
                batch.pk,
                finding.line.file,
                finding.line.number,
                finding.column,
                finding.value,
                finding.code,
                finding.problem[:LONGEST],
                finding.remedy[:LONGEST],
                json.dumps(finding.line.values, ensure_ascii=False),
                (ImportIssue.Status.REPAIRED if finding.is_repaired else ImportIssue.Status.OPEN).value,
                *written.objects.get((finding.line.file, finding.line.number), ("", None)),
            )
            for finding in findings
        ),
    )
