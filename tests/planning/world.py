"""A believable past for tests of the plan: deals that were won and lost, payments, calls, cards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from accounts.models import Employee
from pipeline.models import (
    Call,
    CallList,
    CallListEntry,
    CallListMember,
    Company,
    Contract,
    Deal,
    Payment,
    ResearchCard,
    Stage,
    StageChange,
)
from planning.cascade.services import generate_role_tasks
from planning.goals.services import agree_plan, distribute_plan, set_year_goal
from planning.models import YearPlan
from tests.personas import PersonaCompany

YEAR = 2027
NEW_YEAR = date(YEAR, 1, 1)
NUMBERS = count(1)
PATH = ("new", "engaged", "proposal", "contract", "won")
OUTCOMES = ("no_answer", "busy", "refused", "information", "warm", "call_back", "meeting")


def stage(code: str) -> Stage:
    """A stage by its code."""
    found: Stage = Stage.all_rows.get(code=code)
    return found


def client(name: str = "") -> Company:
    """A company."""
    return Company.all_rows.create(name=name or f"Client {next(NUMBERS)}")


def deal(seller: Employee, opened_on: date, *, reached: str, days: int = 10, amount: str = "100000.00") -> Deal:
    """A deal that went from stage to stage every `days` days; `lost after proposal` is reached="proposal:lost"."""
    furthest, _colon, lost = reached.partition(":")
    codes = [*PATH[: PATH.index(furthest) + 1], *(["lost"] if lost else [])]
    status = "lost" if lost else "won" if furthest == "won" else "open"
    closed_on = opened_on + timedelta(days=days * (len(codes) - 1)) if status != "open" else None
    made = Deal.all_rows.create(
        title=f"Deal {next(NUMBERS)}",
        company=client(),
        seller=seller,
        stage=stage(codes[-1]),
        status=status,
        amount=Decimal(amount),
        opened_on=opened_on,
        closed_on=closed_on,
    )
    StageChange.all_rows.bulk_create(
        StageChange(
            deal=made,
            from_stage=stage(codes[index - 1]) if index else None,
            to_stage=stage(code),
            on=opened_on + timedelta(days=days * index),
        )
        for index, code in enumerate(codes)
    )
    return made


def contract(won: Deal, *, amount: str, due_on: date | None = None) -> Contract:
    """The contract of a won deal."""
    assert won.company is not None
    assert won.closed_on is not None
    made: Contract = Contract.all_rows.create(
        number=f"C-{next(NUMBERS)}",
        company=won.company,
        deal=won,
        seller=won.seller,
        signed_on=won.closed_on,
        due_on=due_on,
        amount=Decimal(amount),
    )
    return made


def pay(paid: Contract, paid_on: date, amount: str) -> Payment:
    """A payment without VAT; a negative amount is a refund."""
    made: Payment = Payment.all_rows.create(
        company=paid.company,
        contract=paid,
        paid_on=paid_on,
        amount=Decimal(amount),
        currency="RUB",
        vat_rate=Decimal(0),
        amount_without_vat=Decimal(amount),
        source=Payment.Source.FORM,
    )
    return made


def calls(employee: Employee, on: date, *outcomes: str) -> None:
    """Calls of a day, one per outcome."""
    company = client()
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    Call.all_rows.bulk_create(
        Call(called_on=on, started_at=at, employee=employee, company=company, outcome=outcome) for outcome in outcomes
    )


def card(author: Employee, on: date, company: Company | None = None) -> ResearchCard:
    """A research card."""
    made: ResearchCard = ResearchCard.all_rows.create(company=company or client(), author=author, prepared_on=on)
    return made


def call_list(company: PersonaCompany, entries: int) -> list[CallListEntry]:
    """A list of the machinery direction that its telesales person calls."""
    made = CallList.all_rows.create(name="Machine works", direction=company.machinery)
    CallListMember.all_rows.create(call_list=made, employee=company.telesales.employee)
    return [
        CallListEntry.all_rows.create(call_list=made, company=client(f"Works {number:03d}"), priority=number)
        for number in range(entries)
    ]


def random_past(company: PersonaCompany, random: Random, before: date) -> None:
    """A year of deals, payments and calls, different with each seed."""
    sellers = [company.seller.employee, company.second_seller.employee, company.rival_seller.employee]
    for seller in sellers:
        for _number in range(random.randint(4, 12)):
            reached = random.choice(["new:lost", "engaged:lost", "proposal:lost", "won", "won", "engaged", "proposal"])
            made = deal(seller, before - timedelta(days=random.randint(60, 300)), reached=reached, days=random.randint(1, 12))
            if made.status == "won" and made.closed_on is not None:
                signed = contract(
                    made, amount=str(random.randint(50_000, 400_000)), due_on=before + timedelta(days=random.randint(-30, 90))
                )
                pay(signed, made.closed_on + timedelta(days=random.randint(0, 30)), str(random.randint(10_000, 50_000)))
    for caller in (company.telesales.employee, company.rival_telesales.employee):
        for _day in range(10):
            calls(caller, before - timedelta(days=random.randint(1, 200)), *(random.choice(OUTCOMES) for _call in range(8)))
    for _card in range(20):
        card(company.assistant.employee, before - timedelta(days=random.randint(1, 200)))


def agreed_plan(company: PersonaCompany, goal: str = "24000000.00", year: int = YEAR) -> YearPlan:
    """A distributed and agreed plan."""
    plan = set_year_goal(actor=company.owner.user, year=year, goal=Decimal(goal))
    distribute_plan(actor=company.director.user, plan=plan)
    return agree_plan(actor=company.owner.user, plan=plan)


def running_plan(company: PersonaCompany, goal: str = "24000000.00") -> YearPlan:
    """An agreed plan with tasks from 1 January on."""
    plan = agreed_plan(company, goal)
    generate_role_tasks(plan=plan, from_on=NEW_YEAR)
    return plan
