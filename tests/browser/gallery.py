"""A page with every component, for the browser tests alone: `@pytest.mark.urls("tests.browser.gallery")`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from salesys import urls as product
from salesys.kernel.errors import invalid
from salesys.shell import charts
from salesys.shell.charts import Series, Unit
from salesys.shell.forms import ShellForm, add_issues
from salesys.shell.pages import Page, Sort

SOURCE = Path(__file__).with_name("gallery.html")
LONG = "Общество с ограниченной ответственностью «Северо-Западная производственно-логистическая компания „Заря“»"
LISTS = ["Construction: cold base", "Transport and logistics: cold base", "Retail and food: cold base", "Электрооборудование"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]


class GalleryForm(ShellForm):
    """An input of every shape."""

    company = forms.CharField()
    amount = forms.DecimalField(help_text="With VAT.")
    paid_on = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "Invoice"), ("b", "Contract")])
    note = forms.CharField(required=False, widget=forms.Textarea)
    is_final = forms.BooleanField(required=False, label="Final payment")
    ways = forms.MultipleChoiceField(required=False, choices=[("x", "Bank"), ("y", "Cash")], widget=forms.CheckboxSelectMultiple)


def refused_form() -> GalleryForm:
    form = GalleryForm({"company": "X", "amount": "-5", "kind": "a", "paid_on": "2026-01-01"})
    form.is_valid()
    add_issues(
        form,
        invalid("negative", "An amount is above zero.", field="amount", value="-5", remedy="Enter a refund instead."),
    )
    return form


def drawings() -> dict[str, charts.Chart]:
    plan = [Decimal(amount) for amount in (70_000, 75_000, 90_000, 95_000, 85_000, 80_000)]
    fact = [Decimal(66_000), Decimal(80_000), Decimal(60_000), None, None, None]
    steps = [("Salary", Decimal(60_000)), ("New clients", Decimal(45_210)), ("Refund", Decimal(-8_000))]
    return {
        "plan_fact": charts.plan_fact("Collections", MONTHS, plan=plan, fact=fact),
        "bars": charts.bars("Calls", MONTHS, [Series("Dials", [940, 880, 1020, 970, 860, 1010])], unit=Unit.NUMBER),
        "lists": charts.bars(
            "Lists",
            LISTS,
            [Series("Waiting", [590, 690, 720, 790]), Series("Done", [60, 120, 80, 120])],
            unit=Unit.NUMBER,
            stacked=True,
        ),
        "periods": charts.bars("Periods", [f"September 20{year}" for year in range(10, 22)], [Series("Paid", list(range(12)))]),
        "parts": charts.waterfall(
            "Parts", [(f"{name} {number}", Decimal(900)) for name in LISTS for number in (1, 2)], total="To be paid"
        ),
        "funnel": charts.funnel("Funnel", [("Dials", 9400), ("Conversations", 3100), ("Deals", 44)], urls=["/gallery/"]),
        "waterfall": charts.waterfall("Commission", steps, total="Total"),
        "donut": charts.donut("By direction", [("Machinery", Decimal(56)), ("Construction and building materials", Decimal(21))]),
    }


def values() -> dict[str, Any]:
    rows = [{"name": name, "amount": Decimal(amount), "fact": 80} for name, amount in (("Acme", 5000), (LONG, 98_765_432))]
    child = {"label": "Sergei Sokolov", "children": [], "figure": "₽35M"}
    return {
        **drawings(),
        "form": refused_form(),
        "amount": Decimal("123456789.50"),
        "change": Decimal("0.12"),
        "page": Page(rows, 1, 1, has_next=True, total=1234),
        "sort": Sort("name", is_descending=False, fields=("name",)),
        "names": ["Anna Berg", "Helena Holt", "Константин Константинопольский-Преображенский", "Q", "Zoë Z", "Bo", "Cy", "Di"],
        "wide": [*MONTHS, "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        "facts": [("Tax number", "7701234567"), ("Site", "example.org", "/gallery/"), ("Founded", None)],
        "events": [
            {
                "at": datetime(2026, 3, 5, 14, 30, tzinfo=UTC),
                "title": "Credited",
                "text": "10 %",
                "icon": "cash",
                "tone": "good",
                "who": "Nina",
            },
            {"at": date(2026, 3, 4), "title": "Won", "icon": "trophy", "tone": "accent"},
            {"at": date(2026, 2, 1), "title": "Lost", "icon": "x", "tone": "bad"},
        ],
        "nodes": [{"label": "Harbour Trade", "icon": "building", "figure": "₽120M", "note": "2026", "children": [child]}],
        "items": [("All", "/gallery/", 120), ("Mine", "/gallery/mine/", 4), ("Won", "/gallery/won/", None)],
        "breadcrumbs": [("Clients", "/"), ("Harbour Trade", "")],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(SOURCE.read_text()).render(values(), request))


urlpatterns = [path("gallery/", gallery), *product.urlpatterns]
handler404 = product.handler404
