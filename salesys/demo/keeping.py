"""What client and VIP managers have in hand today, and what sellers of published files do this week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pipeline.clients.models import Company, Relationship
from pipeline.clients.relationships import Holding
from pipeline.deals.models import Deal, Product
from pipeline.deals.services import DealDraft, create_deal
from pipeline.tasks.models import Task
from pipeline.tasks.services import TaskDraft, create_tasks
from salesys.demo.setting import Dice, Setting

TASKS_EACH = 6
NEXT_ORDER_SHARE = 0.6
STAGES = ("new", "engaged", "proposal")
OPENED_AGO = (3, 30)
ORDER = 9_000


def keep_clients(setting: Setting, kept: Sequence[Holding]) -> None:
    """Next orders that clients are talking about, with those who have them in care, and steps to take this week."""
    _talk_of_orders(setting, kept)
    create_tasks(actor=None, drafts=list(_steps(setting)))


def talk_to_corporate_clients(setting: Setting) -> None:
    """Next orders of the made-up department's corporate clients, which no list of calls leads to."""
    held: Any = Relationship.all_rows.filter(kind=Relationship.Kind.VIP, valid__contains=setting.today).order_by("company_id")
    _talk_of_orders(setting, [Holding(row.company_id, row.employee_id, row.kind, row.valid_from) for row in held])


def _talk_of_orders(setting: Setting, kept: Sequence[Holding]) -> None:
    dice = setting.dice("keeping")
    products = list(Product.all_rows.order_by("pk"))
    names = dict(Company.all_rows.in_bulk([each.company_id for each in kept]))
    for each in kept:
        if each.kind == Relationship.Kind.VIP or dice.happens(NEXT_ORDER_SHARE):
            _talk_of_order(setting, dice, each, (dice.one_of(products), names[each.company_id].name))


def _talk_of_order(setting: Setting, dice: Dice, kept: Holding, what: tuple[Product, str]) -> None:
    product, company = what
    stage = dice.one_of(STAGES)
    on = max(kept.from_on, setting.working_days[-1 - dice.between(*OPENED_AGO)])
    draft = DealDraft(
        title=f"{product.name} · {company}",
        seller_id=kept.employee_id,
        company_id=kept.company_id,
        product_id=product.pk,
        amount=product.list_price * max(1, round(dice.around(ORDER, 0.5) / float(product.list_price or 1))),
        expected_on=_later(setting, dice, (10, 60)),
        next_step=dice.one_of(setting.words.next_steps[stage]),
        next_step_on=_later(setting, dice, (0, 6)),
        opened_on=on,
    )
    create_deal(actor=None, draft=draft, stage=stage)


def _later(setting: Setting, dice: Dice, days: tuple[int, int]) -> date:
    return setting.next_working_day(setting.today, least=dice.between(*days))


def _steps(setting: Setting) -> Iterable[TaskDraft]:
    """A few steps this week for everybody with open deals, the newest deals first."""
    dice = setting.dice("today")
    taken: dict[int, int] = {}
    open_deals = Deal.all_rows.filter(status=Deal.Status.OPEN, company__isnull=False)
    for deal in open_deals.select_related("company").order_by("-opened_on", "pk"):
        taken[deal.seller_id] = taken.get(deal.seller_id, 0) + 1
        if taken[deal.seller_id] <= TASKS_EACH and deal.company is not None:
            yield TaskDraft(
                kind=Task.Kind.FOLLOW_UP,
                title=setting.words.tasks["follow_up"].format(company=deal.company.name),
                request=deal.next_step or dice.one_of(setting.words.next_steps["engaged"]),
                assignee_id=deal.seller_id,
                author_id=deal.seller_id,
                company_id=deal.company_id,
                due_on=_later(setting, dice, (0, 4)),
            )
