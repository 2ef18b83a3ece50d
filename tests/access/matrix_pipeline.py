"""What each role gets from the pages of clients, tasks, deals and calls."""

from __future__ import annotations

from typing import Any

from accounts.roles import HEAD_ROLES, SELLING_ROLES, Role
from pipeline.models import CallList, Company, Deal, Task
from salesys.db import clock
from tests.access.rows import Row, but, every, only
from tests.factories import CompanyFactory, ContactFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import CallListFactory, DealFactory, EntryFactory, TaskFactory

TOP = (Role.OWNER, Role.COMMERCIAL_DIRECTOR)
LIST_READERS = (*HEAD_ROLES, *SELLING_ROLES, Role.BASE_MANAGER, Role.ACCOUNTANT)
MAKERS = (*HEAD_ROLES, *SELLING_ROLES, Role.BASE_MANAGER)
OF_CLIENT = (*TOP, Role.INDUSTRY_HEAD, Role.SELLER)
"""Who sees the client of the first direction's seller."""


def client(company: PersonaCompany) -> Company:
    """A client of the first seller."""
    found = Company.all_rows.filter(name="Matrix client").first()
    if found is None:
        found = CompanyFactory(name="Matrix client", direction=company.machinery)
        RelationshipFactory(company=found, employee=company.seller.employee)
        ContactFactory(company=found)
    result: Company = found
    return result


def deal(company: PersonaCompany) -> Deal:
    """An open deal of the first seller with that client."""
    made: Deal = DealFactory(company=client(company), seller=company.seller.employee)
    return made


def task(company: PersonaCompany) -> Task:
    """A task of the first seller, asked for by the telesales person."""
    made: Task = TaskFactory(assignee=company.seller.employee, author=company.telesales.employee, due_on=clock.today())
    return made


def calls(company: PersonaCompany) -> CallList:
    """A list of the first direction, called by the telesales person."""
    made: CallList = CallListFactory(direction=company.machinery, members=[company.telesales.employee])
    return made


def of(make: Any) -> Any:
    """Address arguments of what `make` makes."""
    return lambda company: {"pk": make(company).pk}


def entry(company: PersonaCompany) -> dict[str, Any]:
    """An entry in the hand of the telesales person."""
    made = EntryFactory(call_list=calls(company), state="claimed", claimed_by=company.telesales.employee, claimed_at=clock.now())
    return {"entry_id": made.pk}


def contact(company: PersonaCompany) -> dict[str, Any]:
    """The contact of the first seller's client."""
    return {"pk": client(company).contacts.get().pk}


CLIENTS = [
    Row("pipeline:company_list", only(*LIST_READERS)),
    Row("pipeline:company_list", only(*LIST_READERS), query="q=har&after=nonsense&industry=x&holder=9", note="bad filters"),
    Row("pipeline:company", only(*OF_CLIENT), kwargs=of(client)),
    Row("pipeline:company_new", only(*MAKERS)),
    Row("pipeline:company_new", only(*MAKERS, status=400), method="post", data=lambda _company: {"name": ""}),
    Row("pipeline:company_edit", only(*OF_CLIENT), kwargs=of(client)),
    Row("pipeline:company_hand_over", only(*TOP, Role.INDUSTRY_HEAD), kwargs=of(client)),
    Row("pipeline:contact_new", only(*OF_CLIENT), kwargs=of(client)),
    Row("pipeline:contact_edit", only(*OF_CLIENT), kwargs=contact),
    Row("pipeline:contact_open", only(*OF_CLIENT, status=302), kwargs=contact, method="post"),
    Row(
        "pipeline:clients_hand_over",
        only(*TOP, Role.INDUSTRY_HEAD),
        kwargs=lambda company: {"employee_id": company.seller.employee.pk},
    ),
    Row(
        "pipeline:draft",
        every(204),
        kwargs=lambda _company: {"key": "call-1"},
        method="post",
        data=lambda _company: {"note": "x"},
    ),
    Row("pipeline:draft", {}, kwargs=lambda _company: {"key": "nonsense"}, method="post", note="bad key"),
    Row("pipeline:company_call", only(*OF_CLIENT), kwargs=of(client)),
    Row("pipeline:call_log", {**only(*HEAD_ROLES, *SELLING_ROLES), Role.TELESALES: 200}),
]

TASKS = [
    Row("pipeline:task_list", every()),
    Row("pipeline:task_new", but(Role.ADMINISTRATOR)),
    Row("pipeline:research_next", every(302)),
    Row("pipeline:task", only(*TOP, Role.INDUSTRY_HEAD, Role.SELLER, Role.TELESALES), kwargs=of(task)),
    Row(
        "pipeline:task_start",
        {**only(*TOP, Role.INDUSTRY_HEAD, Role.SELLER, status=302), Role.TELESALES: 403},
        kwargs=of(task),
        method="post",
    ),
    Row(
        "pipeline:task_finish",
        {**only(*TOP, Role.INDUSTRY_HEAD, Role.SELLER, status=302), Role.TELESALES: 403},
        kwargs=of(task),
        method="post",
        data=lambda _company: {"result": "Done."},
    ),
    Row(
        "pipeline:task_reopen",
        {**only(*TOP, Role.INDUSTRY_HEAD, Role.SELLER, status=409), Role.TELESALES: 403},
        kwargs=of(task),
        method="post",
    ),
    Row(
        "pipeline:task_cancel",
        {**only(*TOP, Role.INDUSTRY_HEAD, Role.TELESALES, status=302), Role.SELLER: 403},
        kwargs=of(task),
        method="post",
    ),
    Row("pipeline:task_reassign", only(*TOP, Role.INDUSTRY_HEAD, Role.SELLER, Role.TELESALES), kwargs=of(task)),
]

SEES_DEALS = (*HEAD_ROLES, *SELLING_ROLES, Role.TELESALES)
DEALS = [
    Row("pipeline:deal_board", only(*SEES_DEALS)),
    Row("pipeline:deal_board", only(*SEES_DEALS), query="q=x&seller=nonsense&direction=9", note="bad filters"),
    Row("pipeline:deal", only(*OF_CLIENT), kwargs=of(deal)),
    Row("pipeline:deal_new", only(*HEAD_ROLES, *SELLING_ROLES), note="without a company"),
    Row("pipeline:deal_companies", only(*HEAD_ROLES, *SELLING_ROLES), query="q=a"),
    Row("pipeline:deal_edit", only(*OF_CLIENT), kwargs=of(deal)),
    Row(
        "pipeline:deal_move",
        only(*OF_CLIENT, status=302),
        kwargs=of(deal),
        method="post",
        data=lambda _company: {"stage": "proposal"},
    ),
    Row("pipeline:deal_undo", only(*OF_CLIENT, status=302), kwargs=of(deal), method="post"),
    Row(
        "pipeline:deal_lose",
        only(*OF_CLIENT, status=302),
        kwargs=of(deal),
        method="post",
        data=lambda _company: {"reason": "price"},
    ),
    Row("pipeline:deal_give", only(*TOP, Role.INDUSTRY_HEAD), kwargs=of(deal)),
]

SEES_LISTS = (*HEAD_ROLES, Role.BASE_MANAGER, Role.TELESALES)
CHANGES_LISTS = (*HEAD_ROLES, Role.BASE_MANAGER)
CALLS = [
    Row("pipeline:cockpit", only(Role.TELESALES)),
    Row("pipeline:cockpit_log", only(Role.TELESALES), kwargs=entry, method="post", data=lambda _company: {"outcome": "refused"}),
    Row(
        "pipeline:cockpit_log",
        only(Role.TELESALES, status=400),
        kwargs=entry,
        method="post",
        data=lambda _company: {"outcome": "sold", "contact": "x"},
        note="bad input",
    ),
    Row("pipeline:cockpit_skip", only(Role.TELESALES), kwargs=entry, method="post"),
    Row("pipeline:cockpit_undo", only(Role.TELESALES), method="post"),
    Row("pipeline:call_undo", {**only(*HEAD_ROLES, *SELLING_ROLES, status=302), Role.TELESALES: 302}, method="post"),
    Row("pipeline:call_lists", only(*SEES_LISTS)),
    Row("pipeline:call_list", only(*SEES_LISTS), kwargs=of(calls)),
    Row("pipeline:call_list_new", only(*CHANGES_LISTS)),
    Row("pipeline:call_list_edit", only(*CHANGES_LISTS), kwargs=of(calls)),
    Row(
        "pipeline:call_list_fill",
        only(*CHANGES_LISTS, status=302),
        kwargs=of(calls),
        method="post",
        data=lambda _company: {"limit": "10"},
    ),
    Row(
        "pipeline:call_list_fill",
        only(*CHANGES_LISTS, status=400),
        kwargs=of(calls),
        method="post",
        data=lambda _company: {"limit": "many"},
        note="bad input",
    ),
]

ROWS = [*CLIENTS, *TASKS, *DEALS, *CALLS]
