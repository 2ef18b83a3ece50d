"""The made-up department into tables: people and money through the services, events by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.people.models import Employee, User
from accounts.roles import Role
from accounts.structure.assigning import Move, assign_many
from accounts.structure.models import Pair
from accounts.structure.placement import Placement
from accounts.structure.services import create_department, create_direction
from pipeline.calling.models import Call, CallList, CallListEntry, CallListMember
from pipeline.clients.models import Company, Contact, Industry
from pipeline.clients.relationships import Holding, open_relationships
from pipeline.deals.models import Deal, Product, Stage, StageChange
from pipeline.money.amounts import PaymentValues
from pipeline.money.loading import PaymentRow, load_payments
from pipeline.money.models import Contract, Payment
from pipeline.tasks.models import ResearchCard, Task
from salesys.db.copying import copy_rows, reserve_ids
from salesys.db.effective import from_date
from salesys.db.partitions import ensure_partitions
from salesys.demo.logins import PASSWORD
from salesys.demo.rows import Department
from salesys.demo.setting import Setting
from salesys.kernel.periods import Month

CODE = "NV"
MONTHS_AHEAD = 3


@dataclass(slots=True)
class Ids:
    """Rows and primary keys by position in the department; directions and industries may be there beforehand."""

    departments: list[Any] = field(default_factory=list)
    directions: list[Any] = field(default_factory=list)
    people: list[Employee] = field(default_factory=list)
    industries: list[int] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    companies: Sequence[int] = ()
    contacts: Sequence[int] = ()
    deals: Sequence[int] = ()
    contracts: Sequence[int] = ()
    tasks: Sequence[int] = ()
    entry_of: dict[int, int] = field(default_factory=dict)


class Writer:
    """Writes one department, in the order in which rows refer to each other. Call it in a transaction."""

    def __init__(self, setting: Setting, made: Department) -> None:
        self.setting, self.made, self.ids = setting, made, Ids()

    def steps(self) -> Iterator[tuple[str, Callable[[], int]]]:
        """What is written, by name, and the call that writes it and returns the number of rows."""
        yield "people", self._people
        yield "companies", self._companies
        yield "deals", self._deals
        yield "payments", self._money
        yield "relationships", self._holds
        yield "call lists", self._lists
        yield "calls", self._calls
        yield "tasks and cards", self._work

    def _people(self) -> int:
        made, ids = self.made, self.ids
        for row in made.departments:
            parent = ids.departments[row.parent] if row.parent is not None else None
            made_row = create_department(actor=None, name=row.name, kind=row.kind, parent=parent, time_zone=row.time_zone)
            ids.departments.append(made_row)
        ids.directions = ids.directions or [create_direction(actor=None, name=name) for name in made.directions]
        password = make_password(PASSWORD)
        users = User.objects.bulk_create(
            User(email=person.email, password=password, language=self.setting.language, is_active=person.dismissed_on is None)
            for person in made.people
        )
        ids.people = Employee.all_rows.bulk_create(
            Employee(
                user=user,
                full_name=person.name,
                code=f"{CODE}-{number:03d}",
                hired_on=person.hired_on,
                dismissed_on=person.dismissed_on,
            )
            for number, (user, person) in enumerate(zip(users, made.people, strict=True), start=1)
        )
        assign_many(actor=None, moves=list(self._moves()))
        Pair.all_rows.bulk_create(
            Pair(
                telesales=ids.people[row.telesales],
                assistant=ids.people[row.assistant],
                valid=from_date(row.from_on, row.until_on),
            )
            for row in made.pairs
        )
        return len(users)

    def _moves(self) -> Iterator[Move]:
        ids = self.ids
        for employee, person in zip(ids.people, self.made.people, strict=True):
            for place in person.places:
                placement = Placement(
                    ids.departments[place.department],
                    Role(place.role),
                    ids.directions[place.direction] if place.direction is not None else None,
                    ids.people[place.manager] if place.manager is not None else None,
                )
                yield Move(employee, placement, place.from_on, place.until_on)

    def _companies(self) -> int:
        made, ids = self.made, self.ids
        ids.industries = ids.industries or [
            row.pk for row in Industry.all_rows.bulk_create(Industry(name=name) for name in made.industries)
        ]
        products = Product.all_rows.bulk_create(
            Product(name=row.name, category=row.category, list_price=row.price, cost_rate=row.cost_rate) for row in made.products
        )
        ids.products = [row.pk for row in products]
        ids.companies = reserve_ids(Company, len(made.companies))
        names = "id name industry_id direction_id city time_zone website founded_year employee_count annual_revenue"
        copy_rows(
            Company,
            (*names.split(), "is_corporate", "source", "created_at"),
            (
                (
                    key,
                    row.name,
                    ids.industries[row.industry],
                    ids.directions[row.direction].pk,
                    row.city,
                    row.time_zone,
                    row.website,
                    row.founded_year,
                    row.employees,
                    row.revenue,
                    row.is_corporate,
                    row.source,
                    self.setting.at(row.entered_on, 9),
                )
                for key, row in zip(ids.companies, made.companies, strict=True)
            ),
        )
        ids.contacts = reserve_ids(Contact, len(made.contacts))
        copy_rows(
            Contact,
            ("id", "company_id", "full_name", "position", "phone", "email", "is_decision_maker"),
            (
                (key, ids.companies[row.company], row.name, row.position, row.phone, row.email, row.decides)
                for key, row in zip(ids.contacts, made.contacts, strict=True)
            ),
        )
        return len(ids.companies)

    def _deals(self) -> int:
        made, ids = self.made, self.ids
        stages = dict(Stage.all_rows.values_list("code", "pk"))
        ids.deals = reserve_ids(Deal, len(made.deals))
        names = "id title company_id product_id seller_id warmed_by_id stage_id status amount opened_on closed_on expected_on"
        copy_rows(
            Deal,
            (*names.split(), "lost_reason", "next_step", "next_step_on"),
            (
                (
                    key,
                    row.title,
                    ids.companies[row.company],
                    ids.products[row.product],
                    self._person(row.seller),
                    self._person(row.warmed_by),
                    stages[row.stage],
                    row.stage if row.closed_on else "open",
                    row.amount,
                    row.opened_on,
                    row.closed_on,
                    row.expected_on,
                    row.lost_reason,
                    row.next_step,
                    row.next_step_on,
                )
                for key, row in zip(ids.deals, made.deals, strict=True)
            ),
        )
        steps = self._steps(stages)
        return copy_rows(StageChange, ("deal_id", "from_stage_id", "to_stage_id", "on", "at", "by_id"), steps)

    def _steps(self, stages: dict[str, int]) -> Iterator[tuple[object, ...]]:
        for key, row in zip(self.ids.deals, self.made.deals, strict=True):
            before: int | None = None
            for hour, (stage, on) in enumerate(row.steps, start=9):
                seller = self.ids.people[row.seller].user_id
                yield key, before, stages[stage], on, self.setting.at(on, min(hour, 17)), seller
                before = stages[stage]

    def _money(self) -> int:
        made, ids = self.made, self.ids
        ids.contracts = reserve_ids(Contract, len(made.contracts))
        names = "id number company_id deal_id product_id seller_id signed_on due_on amount direct_cost"
        copy_rows(
            Contract,
            names.split(),
            (
                (
                    key,
                    row.number,
                    ids.companies[made.deals[row.deal].company],
                    ids.deals[row.deal],
                    ids.products[made.deals[row.deal].product],
                    self._person(made.deals[row.deal].seller),
                    row.signed_on,
                    row.due_on,
                    row.amount,
                    row.direct_cost,
                )
                for key, row in zip(ids.contracts, made.contracts, strict=True)
            ),
        )
        rows = (
            PaymentRow(
                number,
                made.contracts[row.contract].number,
                PaymentValues(row.paid_on, row.amount, row.reference),
                made.payments[row.refund_of].reference if row.refund_of is not None else "",
            )
            for number, row in enumerate(made.payments, start=1)
        )
        return load_payments(actor=None, rows=rows, source=Payment.Source.IMPORT).new

    def _holds(self) -> int:
        ids = self.ids
        return open_relationships(
            actor=None,
            holdings=[
                Holding(ids.companies[row.company], ids.people[row.person].pk, row.kind, row.from_on, row.until_on)
                for row in self.made.holds
            ],
        )

    def _lists(self) -> int:
        made, ids, words = self.made, self.ids, self.setting.words
        called = sorted({row.direction for row in made.companies})
        lists = dict(
            zip(
                called,
                CallList.all_rows.bulk_create(
                    CallList(
                        name=words.list_name.format(market=ids.directions[number].name),
                        direction=ids.directions[number],
                        script=words.script.replace("{name}", "…"),
                    )
                    for number in called
                ),
                strict=True,
            )
        )
        CallListMember.all_rows.bulk_create(
            CallListMember(call_list=each, employee=employee) for employee, mine in self._callers(lists) for each in mine
        )
        keys = reserve_ids(CallListEntry, len(made.entries))
        ids.entry_of = {row.company: key for key, row in zip(keys, made.entries, strict=True)}
        names = "id call_list_id company_id contact_id time_zone priority state not_before reserved_for_id attempts"
        return copy_rows(
            CallListEntry,
            names.split(),
            (
                (
                    key,
                    lists[made.companies[row.company].direction].pk,
                    ids.companies[row.company],
                    ids.contacts[row.contact],
                    made.companies[row.company].time_zone,
                    row.priority,
                    row.state,
                    row.not_before,
                    self._person(row.reserved_for),
                    row.attempts,
                )
                for key, row in zip(keys, made.entries, strict=True)
            ),
        )

    def _callers(self, lists: Mapping[int, CallList]) -> Iterator[tuple[Employee, list[CallList]]]:
        """Each telesales person calls the own market's list, and those of markets that nobody calls."""
        places = zip(self.ids.people, (person.place_on(self.setting.today) for person in self.made.people), strict=True)
        callers = [(employee, place.direction) for employee, place in places if place is not None and place.role == "telesales"]
        served = {direction for _employee, direction in callers}
        orphans = [each for number, each in lists.items() if number not in served]
        for employee, direction in callers:
            yield employee, [*([lists[direction]] if direction is not None and direction in lists else []), *orphans]

    def _calls(self) -> int:
        made, ids = self.made, self.ids
        months = Month.of(self.setting.start), Month.of(self.setting.today).plus(MONTHS_AHEAD)
        ensure_partitions(Call._meta.db_table, *months)
        people = [employee.pk for employee in ids.people]
        names = "called_on started_at duration_seconds employee_id company_id contact_id entry_id deal_id outcome note"
        return copy_rows(
            Call,
            names.split(),
            (
                (
                    row.at.date(),
                    row.at,
                    row.seconds,
                    people[row.person],
                    ids.companies[row.company],
                    ids.contacts[row.contact],
                    ids.entry_of.get(row.company),
                    ids.deals[row.deal] if row.deal is not None else None,
                    row.outcome,
                    row.note,
                )
                for row in made.calls
            ),
        )

    def _work(self) -> int:
        made, ids = self.made, self.ids
        ids.tasks = reserve_ids(Task, len(made.tasks))
        names = "id kind title request result status author_id assignee_id company_id due_on created_at done_at"
        copy_rows(
            Task,
            names.split(),
            (
                (
                    key,
                    row.kind,
                    row.title,
                    row.request,
                    row.result,
                    "done" if row.done_at else "open",
                    self._person(row.author),
                    self._person(row.assignee),
                    ids.companies[row.company] if row.company is not None else None,
                    row.due_on,
                    row.created_at,
                    row.done_at,
                )
                for key, row in zip(ids.tasks, made.tasks, strict=True)
            ),
        )
        names = "company_id task_id author_id brief decision_maker needs sources prepared_on"
        cards = (
            (
                ids.companies[row.company],
                ids.tasks[row.task],
                self._person(row.author),
                row.brief,
                row.decision_maker,
                row.needs,
                row.sources,
                row.prepared_on,
            )
            for row in made.cards
        )
        return len(ids.tasks) + copy_rows(ResearchCard, names.split(), cards)

    def _person(self, number: int | None) -> int | None:
        return self.ids.people[number].pk if number is not None else None
