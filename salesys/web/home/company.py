"""Start pages of those who answer for the whole company: owner and commercial director."""

from __future__ import annotations

from datetime import date

from django.core.cache import cache
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from planning.models import HeadcountNeed
from salesys.db.scope import Viewer
from salesys.kernel.money import ZERO
from salesys.shell import formats
from salesys.web.home.cautions import Caution, of_vacancies
from salesys.web.home.page import HomePage, days_of, month_chart, stage_chart, year_chart
from salesys.web.links import address
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
        "chart": year_chart(year),
        "months": month_chart(year),
        "directions": plans.by_direction(lines, deals.weighted_by_seller(viewer)),
        "warnings": [*_of_plan(year), *_of_company(viewer, today), *_of_hiring(viewer, today)],
        "runs": company.latest_runs(viewer),
    }
    return HomePage("web/home/owner.html", context)


def commercial_director(viewer: Viewer, today: date) -> HomePage:
    """Directions, where they lack plan or deals, the pipeline, and what waits for approval; 11 SQL statements."""
    collected = plans.collected(viewer, today)
    year = plans.year_by_month(viewer, collected)
    lines = plans.seller_lines(viewer, collected)
    stages = deals.open_by_stage(viewer)
    context = {
        "days": days_of(today),
        "year": year,
        "chart": year_chart(year),
        "directions": plans.by_direction(lines, deals.weighted_by_seller(viewer)),
        "sellers": lines[:6],
        "stages": stages,
        "stage_chart": stage_chart(stages),
        "pipeline": sum((stage.weighted for stage in stages), ZERO),
        "open_deals": sum(stage.count for stage in stages),
        "to_approve": [
            period for period in money.periods(viewer) if period.status == "calculated" and period.month_on < today.replace(day=1)
        ],
        "warnings": [*_of_plan(year), *of_vacancies(viewer, today), *_of_hiring(viewer, today)],
        "tasks": work.tasks_due(viewer, today, limit=6),
    }
    return HomePage("web/home/director.html", context)


def _of_plan(year: plans.YearByMonth) -> list[Caution]:
    """Whether the year is behind by more than a tenth; no SQL."""
    plans_url = address("planning:plans")
    if not year.has_plan:
        return [
            Caution(
                _("No plan is agreed for this year"),
                _("Set the goal and distribute it, so that every task has its reason."),
                plans_url,
            )
        ]
    if year.gap * 10 <= year.plan_to_date:
        return []
    text = _("%(gap)s lack to the plan to date, %(share)s of it.") % {
        "gap": formats.money_text(year.gap, places=0),
        "share": formats.percent_text(year.gap / year.plan_to_date),
    }
    return [Caution(_("The year is behind its plan"), text, plans_url, "bad")]


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
    found = cache.get(key)
    if found is None:
        found = (
            company.top_share(viewer, today, "company__name"),
            company.living_on_residuals(viewer, today),
            company.losing_contracts(viewer, today),
        )
        cache.set(key, found, WARNING_SECONDS)
    client, residual, (count, lost) = found
    return [*_of_client(client), *_of_residuals(residual), *_of_losses(count, formats.money_text(lost, places=0))]


def _of_client(client: company.Concentration | None) -> list[Caution]:
    if client is None:
        return []
    text = _("%(share)s of the last year's collections came from %(name)s.")
    return [
        Caution(
            _("Too much hangs on one client"),
            text % {"share": formats.percent_text(client.share), "name": client.name},
            address("pipeline:receivables"),
        ),
    ]


def _of_residuals(names: list[str]) -> list[Caution]:
    if not names:
        return []
    title = ngettext("%(count)s seller lives on earlier clients", "%(count)s sellers live on earlier clients", len(names))
    shown = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
    return [
        Caution(
            title % {"count": len(names)},
            _("No new money to speak of in three months: %(names)s.") % {"names": shown},
            address("compensation:statement_list"),
        )
    ]


def _of_losses(count: int, lost: str) -> list[Caution]:
    if not count:
        return []
    title = ngettext("%(count)s contract loses money", "%(count)s contracts lose money", count) % {"count": count}
    return [
        Caution(
            title,
            _("Their direct cost is %(lost)s above their price.") % {"lost": lost},
            address("pipeline:contract_list"),
            "bad",
        )
    ]
