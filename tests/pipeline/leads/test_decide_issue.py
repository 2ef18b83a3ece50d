from __future__ import annotations

from datetime import date

import pytest

from accounts.access.models import AuditEvent
from pipeline.deals.models import Deal, Stage
from pipeline.leads.models import ImportBatch, ImportIssue
from pipeline.leads.services import dismiss_issue, give_company, needs_company
from pipeline.models import Company
from salesys.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.personas import PersonaCompany


@pytest.fixture
def deal(company: PersonaCompany) -> Deal:
    row: Deal = Deal.all_rows.create(
        title="No account", seller=company.seller.employee, stage=Stage.all_rows.get(code="new"), opened_on=date(2026, 2, 2)
    )
    return row


@pytest.fixture
def client(company: PersonaCompany) -> Company:
    row: Company = Company.all_rows.create(name="Betasoloin")
    return row


def issue_of(deal: Deal | None, line: int = 7, field: str = "account") -> ImportIssue:
    batch, _made = ImportBatch.all_rows.get_or_create(digest="d", defaults={"kind": "sales_data", "source": "folder"})
    row: ImportIssue = ImportIssue.all_rows.create(
        batch=batch,
        file="sales_pipeline.csv",
        line=line,
        field=field,
        code="no_account",
        problem="The row has no account.",
        row={"opportunity_id": f"O{line}", "account": ""},
        object_type="pipeline.deal" if deal else "",
        object_id=deal.pk if deal else None,
    )
    return row


def test_deal_gets_the_company_that_was_chosen(company: PersonaCompany, deal: Deal, client: Company) -> None:
    issue = issue_of(deal)
    actor = company.base_manager.user
    give_company(actor=actor, issue=issue, company=client)
    deal.refresh_from_db()
    issue.refresh_from_db()
    assert deal.company == client
    assert (issue.status, issue.resolved_by) == ("resolved", actor)
    actions = list(AuditEvent.all_rows.order_by("pk").values_list("action", flat=True))
    assert actions == ["deal.given_company", "import_issue.resolved"]


def test_decided_issue_is_not_decided_again(company: PersonaCompany, deal: Deal, client: Company) -> None:
    issue = issue_of(deal)
    dismiss_issue(actor=company.director.user, issue=issue)
    for decide in (
        lambda: give_company(actor=company.director.user, issue=issue, company=client),
        lambda: dismiss_issue(actor=company.director.user, issue=issue),
    ):
        with pytest.raises(Conflict, match="decided already"):
            decide()
    deal.refresh_from_db()
    assert deal.company is None
    assert AuditEvent.all_rows.count() == 1


def test_deal_that_has_a_company_by_now_keeps_it(company: PersonaCompany, deal: Deal, client: Company) -> None:
    issue = issue_of(deal)
    other = Company.all_rows.create(name="Other")
    Deal.all_rows.filter(pk=deal.pk).update(company=other)
    with pytest.raises(Conflict):
        give_company(actor=company.director.user, issue=issue, company=client)
    deal.refresh_from_db()
    issue.refresh_from_db()
    assert (deal.company, issue.status) == (other, "open")


def test_issue_about_something_else_is_not_repaired_by_a_company(company: PersonaCompany, deal: Deal, client: Company) -> None:
    for issue in (issue_of(None), issue_of(deal, 8, "close_date")):
        assert not needs_company(issue)
        with pytest.raises(InvalidInput):
            give_company(actor=company.director.user, issue=issue, company=client)
        issue.refresh_from_db()
        assert issue.status == "open"


@pytest.mark.parametrize("name", ["seller", "head", "accountant", "administrator"])
def test_others_decide_nothing(company: PersonaCompany, deal: Deal, client: Company, name: str) -> None:
    issue = issue_of(deal)
    actor = getattr(company, name).user
    with pytest.raises(NotAllowed):
        give_company(actor=actor, issue=issue, company=client)
    with pytest.raises(NotAllowed):
        dismiss_issue(actor=actor, issue=issue)
    issue.refresh_from_db()
    assert issue.status == "open"


def test_pages_lead_from_one_issue_to_the_next(company: PersonaCompany, deal: Deal, client: Company) -> None:
    first, second = issue_of(deal, 7), issue_of(None, 9)
    browser = company.director.client
    assert "The row has no account." in browser.get("/imports/issues/").content.decode()
    page = browser.get(f"/imports/issues/{first.pk}/?q=betas").content.decode()
    assert "Betasoloin" in page
    response = browser.post(f"/imports/issues/{first.pk}/repair/", {"company": client.pk})
    assert response["Location"] == f"/imports/issues/{second.pk}/"
    assert browser.post(f"/imports/issues/{second.pk}/repair/", {"company": ""}).status_code == 400
    assert browser.post(f"/imports/issues/{second.pk}/dismiss/")["Location"] == "/imports/issues/"
    deal.refresh_from_db()
    assert deal.company == client
