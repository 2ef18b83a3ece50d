"""To whom a warm contact and a meeting go, and what becomes of the deal and of who holds the client."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent
from pipeline.calling.services import CallReport, log_call, log_company_call
from pipeline.models import Call, CallListEntry, Deal, Relationship, StageChange, Task
from tests.factories import CompanyFactory, RelationshipFactory
from tests.personas import PersonaCompany
from tests.pipeline.factories import MORNING, TUESDAY, DealFactory

NOTE = "Spoke to the director."


def test_a_meeting_becomes_a_deal_of_the_directions_seller_with_the_least_to_do(
    company: PersonaCompany, entry: CallListEntry
) -> None:
    DealFactory(seller=company.seller.employee)
    at = MORNING + timedelta(days=3)
    report = CallReport(outcome="meeting", note=NOTE, next_step_at=at, amount=Decimal("150000.00"))
    logged = log_call(actor=company.telesales.user, entry=entry, report=report)
    deal = Deal.all_rows.get(pk=logged.deal_id or 0)
    assert (deal.seller, deal.warmed_by, deal.company) == (
        company.second_seller.employee, company.telesales.employee, entry.company,
    )  # fmt: skip
    assert (deal.stage.code, deal.status, deal.amount, deal.next_step_on) == (
        "engaged",
        "open",
        Decimal("150000.00"),
        date(2026, 11, 20),
    )
    task = Task.all_rows.get(pk=logged.task_ids[0])
    assert (task.kind, task.assignee, task.author, task.due_at, task.due_on, task.request) == (
        "meeting", company.second_seller.employee, company.telesales.employee, at, date(2026, 11, 20), NOTE,
    )  # fmt: skip
    rows: Any = Relationship.all_rows.filter(company=entry.company)
    held = {(row.kind, row.employee.full_name, row.valid_from) for row in rows}
    assert held == {("telesales", "Tatiana Titova", TUESDAY), ("hunter", "Sofia Stern", TUESDAY)}
    assert Call.all_rows.get(pk=logged.call_id).deal == deal
    assert CallListEntry.all_rows.get(pk=entry.pk).state == CallListEntry.State.DONE


def test_a_warm_contact_is_followed_up_on_the_next_working_day(company: PersonaCompany, entry: CallListEntry) -> None:
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert Deal.all_rows.get(pk=logged.deal_id or 0).stage.code == "new"
    task = Task.all_rows.get(pk=logged.task_ids[0])
    assert (task.kind, task.due_on, task.due_at) == ("follow_up", date(2026, 11, 18), None)


def test_the_lists_seller_goes_before_the_direction(company: PersonaCompany, entry: CallListEntry) -> None:
    entry.call_list.seller = company.rival_seller.employee
    entry.call_list.save()
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert Deal.all_rows.get(pk=logged.deal_id or 0).seller == company.rival_seller.employee


def test_the_companys_hunter_goes_before_the_direction_and_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.rival_seller.employee)
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert Deal.all_rows.get(pk=logged.deal_id or 0).seller == company.rival_seller.employee
    assert Relationship.all_rows.filter(company=entry.company, kind="hunter").count() == 1


def test_a_seller_who_has_left_gets_nothing(company: PersonaCompany, entry: CallListEntry) -> None:
    seller = company.rival_seller.employee
    seller.dismissed_on = TUESDAY
    seller.save()
    entry.call_list.seller = seller
    entry.call_list.save()
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert Deal.all_rows.get(pk=logged.deal_id or 0).seller == company.seller.employee


def test_a_company_with_an_open_deal_of_that_seller_gets_no_second_one(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.seller.employee)
    deal = DealFactory(company=entry.company, seller=company.seller.employee, stage_code="proposal")
    logged = log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert logged.deal_id == deal.pk
    assert Deal.all_rows.filter(company=entry.company).count() == 1


def test_a_meeting_moves_the_deal_that_there_is(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.seller.employee)
    deal: Deal = DealFactory(
        company=entry.company, seller=company.seller.employee, amount=Decimal("9.00"), next_step="Write", next_step_on=TUESDAY
    )
    at = MORNING + timedelta(days=3)
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="meeting", next_step_at=at, amount=Decimal(7)))
    deal = Deal.all_rows.select_related("stage").get(pk=deal.pk)
    assert (deal.stage.code, deal.next_step, deal.next_step_on) == ("engaged", "Meeting", date(2026, 11, 20))
    assert (deal.amount, deal.seller) == (Decimal("9.00"), company.seller.employee)
    step = StageChange.all_rows.filter(deal=deal).latest("pk")
    assert (step.to_stage, step.on, step.by) == (deal.stage, TUESDAY, company.telesales.user)
    event = AuditEvent.all_rows.get(action="deal.moved", object_id=deal.pk)
    assert event.changes["next_step"] == ["Write", "Meeting"]


def test_a_meeting_moves_no_deal_back(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.seller.employee)
    deal: Deal = DealFactory(company=entry.company, seller=company.seller.employee, stage_code="proposal")
    report = CallReport(outcome="meeting", next_step_at=MORNING + timedelta(days=3), next_step="Show the pumps")
    log_call(actor=company.telesales.user, entry=entry, report=report)
    deal = Deal.all_rows.select_related("stage").get(pk=deal.pk)
    assert (deal.stage.code, deal.next_step) == ("proposal", "Show the pumps")
    assert StageChange.all_rows.filter(deal=deal).count() == 1


def test_who_warmed_it_before_and_has_left_is_followed_by_the_caller(company: PersonaCompany, entry: CallListEntry) -> None:
    gone = company.rival_telesales.employee
    gone.dismissed_on = TUESDAY
    gone.save()
    RelationshipFactory(company=entry.company, employee=gone, kind="telesales")
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    rows: Any = Relationship.all_rows.filter(company=entry.company, kind="telesales").order_by("valid")
    assert [(row.employee, row.valid_from, row.valid_to) for row in rows] == [
        (gone, company.start, TUESDAY),
        (company.telesales.employee, TUESDAY, None),
    ]


def test_who_warmed_it_before_and_works_here_stays(company: PersonaCompany, entry: CallListEntry) -> None:
    RelationshipFactory(company=entry.company, employee=company.rival_telesales.employee, kind="telesales")
    log_call(actor=company.telesales.user, entry=entry, report=CallReport(outcome="warm"))
    assert Relationship.all_rows.get(company=entry.company, kind="telesales").employee == company.rival_telesales.employee


@pytest.mark.parametrize(
    ("persona", "kind"), [("seller", "hunter"), ("client_manager", "account_manager"), ("vip_manager", "vip")]
)
def test_who_sells_goes_on_with_an_own_warm_contact(company: PersonaCompany, _morning: None, persona: str, kind: str) -> None:
    caller = company.personas[persona]
    client = CompanyFactory(direction=company.machinery)
    RelationshipFactory(company=client, employee=caller.employee, kind=kind)
    logged = log_company_call(actor=caller.user, company=client, report=CallReport(outcome="warm"))
    deal = Deal.all_rows.get(pk=logged.deal_id or 0)
    assert (deal.seller, deal.warmed_by) == (caller.employee, None)
    assert Task.all_rows.get(pk=logged.task_ids[0]).assignee == caller.employee
    rows: Any = Relationship.all_rows.filter(company=client)
    assert [(row.kind, row.employee) for row in rows] == [(kind, caller.employee)]


def test_who_has_an_open_deal_gets_no_second_one_with_the_hunter(company: PersonaCompany, _morning: None) -> None:
    client = RelationshipFactory(employee=company.rival_seller.employee).company
    deal = DealFactory(company=client, seller=company.seller.employee)
    logged = log_company_call(actor=company.seller.user, company=client, report=CallReport(outcome="warm"))
    assert (logged.deal_id, Deal.all_rows.count()) == (deal.pk, 1)
    assert Relationship.all_rows.get(company=client).employee == company.rival_seller.employee


def test_a_head_who_calls_gives_the_contact_to_the_hunter(company: PersonaCompany, _morning: None) -> None:
    client = RelationshipFactory(employee=company.seller.employee).company
    logged = log_company_call(actor=company.head.user, company=client, report=CallReport(outcome="warm"))
    deal = Deal.all_rows.get(pk=logged.deal_id or 0)
    assert (deal.seller, deal.warmed_by) == (company.seller.employee, None)


def test_who_sells_and_calls_a_list_warms_for_its_seller(company: PersonaCompany, entry: CallListEntry) -> None:
    entry.call_list.seller = company.rival_seller.employee
    entry.call_list.save()
    CallListEntry.all_rows.filter(pk=entry.pk).update(claimed_by=company.seller.employee)
    logged = log_call(actor=company.seller.user, entry=entry, report=CallReport(outcome="warm"))
    deal = Deal.all_rows.get(pk=logged.deal_id or 0)
    assert (deal.seller, deal.warmed_by) == (company.rival_seller.employee, None)
    assert not Relationship.all_rows.filter(company=entry.company, kind="telesales").exists()
