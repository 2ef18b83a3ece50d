"""Start pages of those who answer for the whole company: owner and commercial director."""

from __future__ import annotations

from datetime import date

from django.core.cache import caches
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from pipeline.deals.whose import own_of
from pipeline.money.lists import LOSING
from pipeline.money.queries import Losses
from planning.models import HeadcountNeed
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.shell import formats
from salesys.web.home.cautions import Caution, of_vacancies
from salesys.web.home.page import HomePage, days_of, month_chart, stage_chart, year_chart, year_paths
from salesys.web.links import address, listed
from salesys.web.queries import company, deals, money, plans, work

WARNING_SECONDS = 600


def owner(viewer: Viewer, today: date) -> HomePage:
    """The goal, the pace, the directions and what to worry about; 10 SQL statements."""
    collected = plans.collected(viewer, today)
    year = plans.year_by_month(viewer, collected)
    lines = plans.seller_lines(viewer, collected)
    context = {
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "months": month_chart(viewer, year),
        "directions": plans.by_direction(lines, deals.weighted_by_seller(viewer)),
        "warnings": [*_of_plan(year), *_of_company(viewer, today), *_of_hiring(viewer, today)],
        "runs": company.latest_runs(viewer),
    }
    return HomePage("web/home/owner.html", context)


def commercial_director(viewer: Viewer, today: date) -> HomePage:
    """Directions and where they lack plan or deals, the pipeline, what to worry about, what to approve; 14 SQL statements."""
    collected = plans.collected(viewer, today)
    year = plans.year_by_month(viewer, collected)
    lines = plans.seller_lines(viewer, collected)
    stages = deals.open_by_stage(viewer)
    context = {
        "days": days_of(today),
        "year": year,
        "paths": year_paths(viewer, year),
        "chart": year_chart(viewer, year),
        "directions": plans.by_direction(lines, deals.weighted_by_seller(viewer)),
        "sellers": lines[:6],
        "stages": stages,
        "stage_chart": stage_chart(viewer, stages),
        "pipeline": sum((stage.weighted for stage in stages), ZERO),
        "open_deals": sum(stage.count for stage in stages),
        "deals_url": listed("pipeline:deal_board", seller=own_of(viewer)),
        "to_approve": [
            period for period in money.periods(viewer) if period.status == "calculated" and period.month_on < today.replace(day=1)
        ],
        "warnings": [
            *_of_plan(year),
            *_of_company(viewer, today),
            *of_vacancies(viewer, today, {line.employee_id: line.url for line in lines}),
            *_of_hiring(viewer, today),
        ],
        "tasks": work.tasks_due(viewer, today, limit=6),
    }
    return HomePage("web/home/director.html", context)


def _of_plan(year: plans.YearByMonth) -> list[Caution]:
    """Whether the year is behind by more than a tenth; no SQL."""
    if not year.has_plan:
        return [
            Caution(
                _("No plan is agreed for this year"),
                _("Set the goal and distribute it, so that every task has its reason."),
                address("planning:plans"),
            )
        ]
    if year.gap * 10 <= year.plan_to_date:
        return []
    text = _("%(gap)s lack to the plan to date, %(share)s of it.") % {
        "gap": formats.money_text(year.gap, places=0),
        "share": formats.percent_text(year.gap / year.plan_to_date),
    }
    url = address("planning:node", year.node_id) if year.node_id else address("planning:plans")
    return [Caution(_("The year is behind its plan"), text, url, "bad")]


def _of_hiring(viewer: Viewer, today: date) -> list[Caution]:
    """Roles for which hiring must start now; 1 SQL statement."""
    return [
        Caution(
            _("%(role)s: %(count)s to hire") % {"role": str(Role(need.role).label).capitalize(), "count": need.missing},
            _hiring_text(need, today)
            % {
                "month": formats.month_text(need.month),
                "where": need.direction.name if need.direction else _("the whole company"),
                "date": formats.day_text(need.hire_from or today),
            },
            address("planning:headcount", need.month.year),
        )
        for need in company.hiring_needed(viewer, today)[:3]
    ]


def _hiring_text(need: HeadcountNeed, today: date) -> str:
    """When hiring must start, or should have."""
    if need.hire_from and need.hire_from < today:
        return gettext("Needed in %(month)s, %(where)s; hiring should have started on %(date)s.")
    return gettext("Needed in %(month)s, %(where)s; start hiring by %(date)s.")


def _of_company(viewer: Viewer, today: date) -> list[Caution]:
    """Concentration, residuals and losses; 3 SQL statements, kept for ten minutes because they read a year of payments."""
    key = f"home:warnings:{today}"
    found = caches["convenience"].get(key)
    if found is None:
        found = (
            company.top_client(viewer, today),
            company.living_on_residuals(viewer, today),
            company.losing_contracts(viewer, today),
        )
        caches["convenience"].set(key, found, WARNING_SECONDS)
    client, residual, losses = found
    return [*_of_client(client), *_of_residuals(residual), *_of_losses(losses, today)]


def _of_client(client: company.Concentration | None) -> list[Caution]:
    if client is None:
        return []
    text = _("%(share)s of the last year's collections came from %(name)s.")
    return [
        Caution(
            _("Too much hangs on one client"),
            text % {"share": formats.percent_text(client.share), "name": client.name},
            address("pipeline:company", client.company_id),
        ),
    ]


def _of_residuals(sellers: list[tuple[int, str]]) -> list[Caution]:
    """Each of the sellers leads to the own statement, where new money and residuals stand apart."""
    if not sellers:
        return []
    title = ngettext("%(count)s seller lives on earlier clients", "%(count)s sellers live on earlier clients", len(sellers))
    links = [(name, address("compensation:statement", pk)) for pk, name in sellers]
    return [
        Caution(
            title % {"count": len(sellers)},
            _("No new money to speak of in three months:"),
            links[0][1] if len(links) == 1 else address("compensation:statement_list"),
            links=links,
        )
    ]


def _of_losses(losses: Losses, today: date) -> list[Caution]:
    if not losses.count:
        return []
    title = ngettext("%(count)s contract loses money", "%(count)s contracts lose money", losses.count) % {"count": losses.count}
    text = _("Their direct cost is %(lost)s above their price.") % {"lost": formats.money_text(losses.amount, places=0)}
    since = company.a_year_before(today)
    return [Caution(title, text, listed("pipeline:contract_list", kind=LOSING, since=since), "bad")]
