"""Every component renders, says what it must to screen readers, and escapes what people typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from salesys.kernel.errors import InvalidInput, Issue
from salesys.shell import charts
from salesys.shell.forms import AmountField, ShellForm, add_issues
from salesys.shell.pages import Page, Sort

NASTY = '<script>alert("1")</script>'


class PayForm(ShellForm):
    """A field of every shape."""

    amount = forms.DecimalField(help_text="with VAT")
    paid_on = forms.DateField()
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A")])
    is_final = forms.BooleanField(required=False)
    ways = forms.MultipleChoiceField(choices=[("x", "X")], widget=forms.CheckboxSelectMultiple)


def render(source: str, path: str = "/list/?q=a&page=2", **values: Any) -> str:
    request = RequestFactory().get(path)
    return Template("{% load i18n salesys %}" + source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% icon "phone" %}', 'aria-hidden="true"'),
        ('{% icon "check" label="done" %}', 'role="img" aria-label="done"'),
        ("{% badge nasty 'good' 'check' %}", "&lt;script&gt;"),
        ("{% badge 'x' 'loud' %}", "tag-neutral"),
        ("{% avatar 'Anna Berg' 'large' %}", "mark-large"),
        ("{% person nasty nasty %}", "&lt;script&gt;"),
        ("{% progress 50 100 %}", 'value="50" max="100"'),
        ("{% progress 150 100 %}", 'bar-good" value="100"'),
        ("{% progress 5 0 %}", 'value="0"'),
        ("{% progress None None %}", 'value="0"'),
        ('{% kbd "Ctrl+K" %}', "<kbd>Ctrl</kbd><kbd>K</kbd>"),
        ("{% page_header title=nasty lead=nasty %}<b>go</b>{% endpage_header %}", "<b>go</b>"),
        ("{% card title=nasty url='/x/' link='All' %}body{% endcard %}", "&lt;script&gt;"),
        ("{% card flush=True %}body{% endcard %}", "panel-flush"),
        ('{% empty nasty "phone" %}<a href="/">next</a>{% endempty %}', '<a href="/">next</a>'),
        ('{% dialog "add" nasty %}body{% enddialog %}', 'aria-labelledby="add-title"'),
        ('{% notice "bad" nasty %}text{% endnotice %}', 'role="alert"'),
        ("{% filters_bar target='#rows' search='Find' %}<b>x</b>{% endfilters_bar %}", 'hx-get="/list/"'),
        ("{% filters_bar %}{% endfilters_bar %}", "Filter the list"),
        ("{% stat nasty 5 note=nasty url='/x/' icon_name='phone' %}", "&lt;script&gt;"),
        ("{% stat 'Paid' '5' fact=5 plan=10 change=change %}", "50\N{NO-BREAK SPACE}%"),
        ("{% definition_list facts %}", "<dt>Name</dt>"),
        ("{% timeline events %}", "&lt;script&gt;"),
        ("{% tree nodes %}", "<details open>"),
        ("{% tabs items %}", 'href="/list/" aria-current="page"'),
        ("{% share_of 5 10 as s %}{{ s|percent }}{% tone_of s as t %}{{ t }}", "50\N{NO-BREAK SPACE}%bad"),
        ("{% share_of 5 0 as s %}{% tone_of s as t %}{{ t }}", "neutral"),
        ('{% chart "c" nothing %}', ""),
    ],
)
def test_component_renders(source: str, expected: str) -> None:
    values: dict[str, Any] = {
        "nasty": NASTY,
        "change": Decimal("-0.1"),
        "facts": [("Name", "Anna"), ("Site", NASTY, "/x/"), ("None", None)],
        "events": [
            {"at": datetime(2026, 3, 5, 14, 30, tzinfo=UTC), "title": NASTY, "text": "t", "who": "w"},
            {"at": date(2026, 3, 4), "title": "b"},
        ],
        "nodes": [
            {
                "label": "Root",
                "children": [{"label": NASTY, "children": [], "note": "n", "figure": "5", "icon": "user", "url": "/"}],
            }
        ],
        "items": [("All", "/list/"), ("Mine", "/list/mine/", 1200)],
        "nothing": None,
    }

    html = render(source, **values)

    assert expected in html
    assert "<script>alert" not in html


def test_sort_header_turns_the_direction_and_drops_the_page() -> None:
    html = render('{% sort_header sort "name" "Name" %}', sort=Sort("name", is_descending=False, fields=("name", "pk")))

    assert 'aria-sort="ascending"' in html
    assert 'href="?q=a&amp;sort=-name"' in html


def test_pagination_keeps_the_filters() -> None:
    html = render('{% pagination page target="#rows" %}', page=Page(["r"], 2, 51, has_next=True, total=20_000))

    assert 'href="?q=a&amp;page=3"' in html
    assert 'href="?q=a&amp;page=1"' in html
    assert "of more than 10,000" in html


def test_pagination_of_an_empty_list_is_nothing() -> None:
    assert render("{% pagination page %}", page=Page([], 1, 1, has_next=False)).strip() == ""


def test_form_ties_errors_and_help_to_the_input() -> None:
    form = PayForm({"kind": "a", "paid_on": "2026-03-05", "amount": "5", "ways": ["x"]})
    assert form.is_valid()
    add_issues(
        form,
        InvalidInput(
            Issue("negative", "An amount is above zero.", "amount", "-5", "Enter a refund instead."),
            Issue("closed", "The month is closed."),
        ),
    )

    html = render("{% form_fields form %}", form=form)

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_amount_error id_amount_help"' in html
    assert "An amount is above zero (-5). Enter a refund instead." in html
    assert "The month is closed." in html
    assert 'type="date"' in html
    assert "form-select" in html
    assert "<legend>" in html


def test_chart_carries_its_data_and_its_table() -> None:
    spec = charts.plan_fact(
        "Year", ["Jan", "Feb", "Mar"], plan=[Decimal(100)] * 3, fact=[Decimal(60), None, None], urls=["/jan/"]
    )

    html = render('{% chart "year" spec %}', spec=spec)

    assert 'data-chart-source="year-data"' in html
    assert '"values": [60.0, 180.0, 300.0]' in html
    assert '<a href="/jan/">Jan</a>' in html
    assert "₽300" in html


def test_a_choice_that_is_not_made_is_said_in_words() -> None:
    class PlaceForm(ShellForm):
        role = forms.ModelChoiceField(Group.objects.none())
        below = forms.ModelChoiceField(Group.objects.none(), required=False)
        company = forms.ModelChoiceField(Group.objects.none(), empty_label="Choose a company")

    form = PlaceForm()
    assert [str(form.fields[name].empty_label) for name in form.fields] == ["Choose", "—", "Choose a company"]  # type: ignore[attr-defined]
    assert "-----" not in form.as_p()


@pytest.mark.parametrize("typed", ["1 234,50", "1,234.50", "1\N{NO-BREAK SPACE}234.5"])
def test_an_amount_is_read_and_shown_as_people_write_it(typed: str) -> None:
    class PriceForm(ShellForm):
        price = AmountField(min_value=0)

    form = PriceForm({"price": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"price": Decimal("1234.50")}
    assert PriceForm({"price": "-1"}).errors == {"price": ["Ensure this value is greater than or equal to 0."]}
    with translation.override("ru"):
        assert 'value="1\N{NO-BREAK SPACE}234,50"' in str(PriceForm(initial={"price": Decimal("1234.50")})["price"])
        assert f'value="{typed}"' in str(form["price"])


def test_what_the_kernel_refuses_is_said_in_the_readers_language() -> None:
    class PriceForm(ShellForm):
        price = AmountField()

    with translation.override("ru"):
        assert PriceForm({"price": "abc"}).errors == {"price": ["Это не сумма (abc). Напишите так: 1234.50."]}


def test_page_shows_russian_formats_when_russian_is_active() -> None:
    with translation.override("ru"):
        html = render(
            "{{ amount|money }} {{ on|day }} {{ amount|short_money }} {{ on|month }}",
            amount=Decimal("-1234567.5"),
            on=date(2026, 3, 5),
        )

    assert "−1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,50\N{NO-BREAK SPACE}₽" in html
    assert "5\N{NO-BREAK SPACE}мар." in html
    assert "−1,2\N{NO-BREAK SPACE}млн\N{NO-BREAK SPACE}₽" in html
    assert "Март\N{NO-BREAK SPACE}2026" in html
