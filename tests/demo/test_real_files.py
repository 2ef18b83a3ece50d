"""The demo on the published files: their figures unchanged, and around them all that the loop needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import Count, Max, Q, Sum

from accounts.models import Assignment
from accounts.roles import Role
from compensation.ledger.models import PayPeriod
from compensation.schemes.models import SchemeVersion
from pipeline.models import Call, CallListEntry, Company, Deal, Payment, Relationship, ResearchCard, Task
from planning.goals.models import YearPlan
from salesys.db import clock
from salesys.db.organisation import Organisation, forget_organisation, organisation
from salesys.demo.around import last_sunday
from salesys.demo.loading import load_demo
from salesys.demo.logins import demo_logins
from salesys.demo.setting import Setting
from salesys.intake.services import import_sales_data

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
IMPORTED = """
SELECT 'deal', d.external_id, to_jsonb(d) - '{id,company_id,product_id,seller_id,created_at,updated_at}'::text[], c.name, e.code
FROM pipeline_deal d LEFT JOIN pipeline_company c ON c.id = d.company_id JOIN accounts_employee e ON e.id = d.seller_id
WHERE d.external_id IS NOT NULL
UNION ALL
SELECT 'step', d.external_id, to_jsonb(s) - '{id,deal_id,at}'::text[], '', ''
FROM pipeline_stagechange s JOIN pipeline_deal d ON d.id = s.deal_id WHERE d.external_id IS NOT NULL
UNION ALL
SELECT 'contract', k.number, to_jsonb(k) - '{id,company_id,deal_id,product_id,seller_id,created_at}'::text[], d.external_id, ''
FROM pipeline_contract k JOIN pipeline_deal d ON d.id = k.deal_id
UNION ALL
SELECT 'payment', p.reference, to_jsonb(p) - '{id,company_id,contract_id,entered_at}'::text[], k.number, ''
FROM pipeline_payment p JOIN pipeline_contract k ON k.id = p.contract_id
UNION ALL
SELECT 'hunter', c.name, to_jsonb(r.valid), e.code, ''
FROM pipeline_relationship r JOIN pipeline_company c ON c.id = r.company_id JOIN accounts_employee e ON e.id = r.employee_id
WHERE r.kind = 'hunter'
UNION ALL
SELECT 'company', c.name, to_jsonb(c) - '{id,industry_id,direction_id,parent_id,is_corporate,created_at,updated_at}'::text[],
       '', ''
FROM pipeline_company c WHERE c.source = 'CRM'
UNION ALL
SELECT 'person', e.code, to_jsonb(e.full_name), a.role, a.valid::text
FROM accounts_employee e JOIN accounts_assignment a ON a.employee_id = e.id WHERE e.code LIKE 'CRM-%%'
ORDER BY 1, 2, 3
"""


def imported() -> list[object]:
    """Every row of the files as it stands here, by names and numbers of the files."""
    with connection.cursor() as cursor:
        cursor.execute(IMPORTED)
        return list(cursor.fetchall())


def imported_alone(folder: Path) -> list[object]:
    """The same when nothing but the files is loaded."""
    with transaction.atomic():
        Organisation.objects.create(pk=1, name="Files alone", currency="USD", country="US")
        forget_organisation()
        import_sales_data(actor=None, folder=folder, newest_on=last_sunday(TODAY))
        found = imported()
        transaction.set_rollback(True)
    forget_organisation()
    return found


def test_published_files_become_a_demo(sales_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_organisation()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 15, tzinfo=UTC))
    alone = imported_alone(sales_files)
    setting = Setting(TODAY)
    said: list[str] = []
    assert load_demo(setting=setting, folder=sales_files, say=said.append) is True
    assert any(line.split() == ["all", "8927", "8927", "0", "0", "8927", "1993", "1430"] for line in said)
    assert len(alone) > 30_000
    assert imported() == alone
    _check_money()
    _check_people_and_plans()
    _check_past()
    assert load_demo(setting=setting, folder=sales_files, say=said.append) is False
    assert Payment.all_rows.count() == 4238
    forget_organisation()


def _check_money() -> None:
    """All money is that of the files."""
    paid = Payment.all_rows.aggregate(Count("pk"), Sum("amount_without_vat"), Max("paid_on"))
    assert paid == {"pk__count": 4238, "amount_without_vat__sum": Decimal(10_005_534), "paid_on__max": date(2026, 11, 22)}
    assert Deal.all_rows.filter(external_id__isnull=False).count() == 8800
    assert not Deal.all_rows.filter(external_id__isnull=True).exclude(status="open").exists()
    assert set(SchemeVersion.all_rows.filter(scheme__name="Hunter").values_list("new_until", flat=True)) == {"days:300"}


def _check_people_and_plans() -> None:
    assert [login.role for login in demo_logins()] == [role.value for role in Role]
    assert (organisation().currency, "(demo)" in organisation().name) == ("USD", True)
    assert set(YearPlan.all_rows.filter(status="agreed").values_list("year", flat=True)) == {2026}
    assert PayPeriod.all_rows.filter(status="closed").count() == 10
    callers = Assignment.all_rows.filter(role=Role.TELESALES)
    assert {str(row.manager.code)[:4] for row in callers.select_related("manager") if row.manager} == {"CRM-"}
    assert Task.all_rows.filter(status="open", due_on__gte=TODAY).exists()


def _check_past() -> None:
    """Telesales, assistants and client managers have worked since the first deal, and will today."""
    leads = Company.all_rows.filter(source="Demo")
    assert CallListEntry.all_rows.filter(state="waiting").count() == leads.count() == 1500
    calls = Call.all_rows.aggregate(
        all=Count("pk"),
        newest=Max("called_on"),
        of_deals=Count("deal_id"),
        warm=Count("pk", filter=Q(outcome__in=["warm", "meeting"])),
    )
    assert 35_000 < calls["all"] < 60_000
    assert calls["newest"] == date(2026, 11, 24)
    assert calls["of_deals"] == calls["warm"] > 800
    assert not Call.all_rows.filter(employee_id__in=Assignment.all_rows.filter(role=Role.SELLER).values("employee_id")).exists()
    early = Call.all_rows.filter(outcome="meeting").values_list("deal_id", "called_on")
    opened = dict(Deal.all_rows.values_list("pk", "opened_on"))
    assert all(opened[deal] == on for deal, on in early)
    assert Relationship.all_rows.filter(kind="telesales").values("company").distinct().count() > 70
    assert ResearchCard.all_rows.count() > 3_000
