"""The components of every page: `{% load salesys %}`. `docs/frontend.md` shows each with an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.crypto import get_random_string
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe

from salesys.shell import filters, formats, forms
from salesys.shell.charts import Chart
from salesys.shell.navigation import groups_for
from salesys.shell.pages import Page, Sort
from salesys.shell.preferences import language_choices, preferences_of

register = template.Library()
for each_filter in filters.FILTERS:
    register.filter(each_filter.__name__, each_filter)

TONES = frozenset({"neutral", "accent", "good", "warning", "bad", "info"})


def _component(name: str, values: Mapping[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"components/{name}.html", dict(values)))


def _id(prefix: str) -> str:
    return f"{prefix}-{get_random_string(6).lower()}"


# Small things


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """`{% icon "phone" %}`: decoration, hidden from screen readers unless it has a label of its own."""
    sprite = static("vendor/icons.svg")
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"></use></svg>', classes, hidden, sprite, name)


@register.simple_tag
def badge(text: object, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """`{% badge deal.get_stage_display "good" %}`; tones: neutral, accent, good, warning, bad, info."""
    name = tone if tone in TONES else "neutral"
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', name, drawing, text)


@register.simple_tag
def avatar(name: object, size: str = "") -> SafeString:
    """`{% avatar person.full_name %}`: initials in a colour that stays with the name."""
    text = str(name or "")
    colour = sum(map(ord, text)) % 8
    return format_html(
        '<span class="mark mark-{} {}" aria-hidden="true">{}</span>',
        colour,
        f"mark-{size}" if size else "",
        filters.initials(text),
    )


@register.simple_tag
def person(name: object, note: object = "") -> SafeString:
    """`{% person employee.full_name "seller" %}`: avatar, name and a quiet note in one line."""
    quiet = format_html('<span class="person-note">{}</span>', note) if note else ""
    return format_html(
        '<span class="person">{}<span class="person-text"><span class="person-name">{}</span>{}</span></span>',
        avatar(name),
        name,
        quiet,
    )


@register.simple_tag
def progress(value: Decimal | int | None, maximum: Decimal | int | None, label: str = "", tone: str = "") -> SafeString:
    """`{% progress fact plan %}`: a bar in `<progress>`; green from the plan on."""
    whole, part = Decimal(maximum or 0), Decimal(value or 0)
    share = part / whole if whole > 0 else Decimal(0)
    name = tone or ("good" if whole > 0 and share >= 1 else "accent")
    shown = formats.percent_text(share)
    return format_html(
        '<progress class="bar bar-{}" value="{}" max="100" aria-label="{}">{}</progress>',
        name, max(0, min(100, round(share * 100))), label or shown, shown,
    )  # fmt: skip


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """`{% kbd "Ctrl+K" %}`."""
    parts = [format_html("<kbd>{}</kbd>", key) for key in keys.split("+")]
    return format_html('<span class="keys">{}</span>', mark_safe("".join(parts)))


@register.simple_tag
def share_of(value: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """`{% share_of fact plan as attainment %}`: None when there is nothing to divide by."""
    return Decimal(value or 0) / Decimal(whole) if whole else None


@register.simple_tag
def tone_of(share: Decimal | None, good: float = 1.0, warning: float = 0.8) -> str:
    """`{% tone_of attainment as tone %}`: good, warning or bad by two bounds."""
    if share is None:
        return "neutral"
    return "good" if share >= Decimal(str(good)) else "warning" if share >= Decimal(str(warning)) else "bad"


# Blocks


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: str, title: object, lead: object = "", icon_name: str = "", mark: object = ""
) -> SafeString:
    """`{% page_header title=_("Deals") lead=... %} buttons {% endpage_header %}`: the page's one h1."""
    values = {"title": title, "lead": lead, "icon_name": icon_name, "mark": mark, "actions": content}
    return _component("page_header", {**values, "breadcrumbs": context.get("breadcrumbs", ())})


@register.simple_block_tag
def card(
    content: str,
    title: object = "",
    lead: object = "",
    url: str = "",
    link: object = "",
    flush: bool = False,
    classes: str = "",
    id: str = "",
) -> SafeString:
    """`{% card title=_("Today") url="/tasks/" link=_("All tasks") %} body {% endcard %}`; `flush=True` for tables and lists."""
    values = {"content": content, "title": title, "lead": lead, "url": url, "link": link}
    return _component("card", {**values, "flush": flush, "classes": classes, "id": id or _id("card")})


@register.simple_block_tag
def empty(content: str, title: object, icon_name: str = "inbox") -> SafeString:
    """`{% empty _("No calls yet") "phone" %} what to do {% endempty %}`: an empty list that says what comes next."""
    return _component("empty", {"content": content, "title": title, "icon_name": icon_name})


@register.simple_block_tag
def dialog(content: str, id: str, title: object, size: str = "") -> SafeString:
    """`{% dialog "add" _("Add a payment") %} form {% enddialog %}`, opened by `data-dialog="add"` on a button."""
    return _component("dialog", {"content": content, "id": id, "title": title, "size": size})


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: object = "") -> SafeString:
    """`{% notice "warning" _("Two payments are not credited") %} text {% endnotice %}`."""
    icons = {"good": "circle-check", "warning": "alert-triangle", "bad": "alert-circle"}
    return _component("notice", {"content": content, "tone": tone, "title": title, "icon_name": icons.get(tone, "info-circle")})


@register.simple_block_tag(takes_context=True)
def filters_bar(context: Context, content: str, target: str = "", label: object = "", search: object = "") -> SafeString:
    """`{% filters_bar target="#rows" search=_("Company or tax number") %} selects {% endfilters_bar %}`.

    A GET form that htmx sends as people type and choose; without JavaScript it has a button.
    """
    request: HttpRequest = context["request"]
    values = {"content": content, "target": target, "label": label, "search": search}
    return _component("filters_bar", {**values, "request": request, "query": request.GET.get("q", "")})


# Figures


@register.simple_tag
def stat(
    label: object,
    value: object,
    *,
    note: object = "",
    fact: Decimal | int | None = None,
    plan: Decimal | int | None = None,
    change: Decimal | None = None,
    url: str = "",
    tone: str = "",
    icon_name: str = "",
) -> SafeString:
    """`{% stat _("Collected") fact|short_money fact=fact plan=plan note=... %}`: one figure with its plan and its change.

    Args:
        value: The figure as it is shown.
        note: What stands under it.
        fact, plan: Both given: a bar and the attainment in percent.
        change: Share against the period before, 0.12 is +12 %.
        url: Where the rows behind the figure are.
    """
    attainment = Decimal(fact or 0) / Decimal(plan) if plan else None
    values = {"label": label, "value": value, "note": note, "url": url, "tone": tone, "icon_name": icon_name}
    return _component("stat", {**values, "fact": fact, "plan": plan, "attainment": attainment, "change": change})


@register.simple_tag
def chart(id: str, spec: Chart | None, height: str = "normal") -> SafeString:
    """`{% chart "collections" spec "small" %}`: the drawing, its data and the same figures as a table."""
    if spec is None:
        return SafeString("")
    data = json_script(spec.as_data(), f"{id}-data")
    return _component("chart", {"id": id, "spec": spec, "data": data, "height": height})


# Lists


@register.simple_tag(takes_context=True)
def sort_header(context: Context, sort: Sort, key: str, label: object, classes: str = "") -> SafeString:
    """`{% sort_header sort "name" _("Company") %}`: a header cell that sorts; `classes="num"` for figures."""
    query = context["request"].GET.copy()
    query["sort"] = sort.next_for(key)
    query.pop("page", None)
    state = ("descending" if sort.is_descending else "ascending") if sort.key == key else ""
    return _component("sort_header", {"label": label, "url": f"?{query.urlencode()}", "state": state, "classes": classes})


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], target: str = "") -> SafeString:
    """`{% pagination page target="#rows" %}`: earlier and later; keeps the filters of the address."""
    query = context["request"].GET.copy()

    def url(number: int | None) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}" if number else ""

    return _component(
        "pagination", {"page": page, "target": target, "next": url(page.next_number), "previous": url(page.previous_number)}
    )


@register.simple_tag
def definition_list(rows: Iterable[Sequence[object]]) -> SafeString:
    """`{% definition_list rows %}` with (label, value) or (label, value, address) rows."""
    return _component("definition_list", {"rows": [(*row, "")[:3] for row in rows]})


@register.simple_tag
def timeline(events: Iterable[object]) -> SafeString:
    """`{% timeline events %}`: objects or dicts with `at`, `title` and, if there are, `text`, `icon`, `who`, `url`, `tone`,
    `anchor`.
    """
    return _component("timeline", {"events": events})


@register.simple_tag
def tree(nodes: Iterable[object], is_open: bool = True) -> SafeString:
    """`{% tree nodes %}`: objects or dicts with `label`, `children` and, if there are, `url`, `note`, `figure`, `icon`."""
    return _component("tree", {"nodes": nodes, "is_open": is_open})


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Iterable[Sequence[Any]], label: object = "") -> SafeString:
    """`{% tabs items %}` with (label, address) or (label, address, count): links, the current one by the address."""
    path, full = context["request"].path, context["request"].get_full_path()
    rows = [(*item, None)[:3] for item in items]
    current = next((url for _label, url, _count in rows if url == full), path)
    return _component("tabs", {"rows": [(text, url, count, url == current) for text, url, count in rows], "label": label})


# Forms


@register.simple_tag
def field(bound: BoundField, classes: str = "") -> SafeString:
    """`{% field form.amount %}`: label, input, help, and errors with what to do."""
    shape = "check" if forms.is_check(bound) else "group" if forms.is_group(bound) else "input"
    return _component("field", {"field": bound, "shape": shape, "input": forms.render_input(bound), "classes": classes})


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """`{% form_errors form %}`: what is wrong with the form as a whole."""
    return _component("form_errors", {"form": form})


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """`{% form_fields form %}`: errors of the whole and every visible field, one under the other."""
    return _component("form_fields", {"form": form})


# The shell itself


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Mapping[str, Any]:
    """`{% shell as frame %}`: navigation and preferences for `base.html`."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"groups": (), "preferences": preferences_of(None), "languages": language_choices()}
    return {"groups": groups_for(request), "preferences": preferences_of(request), "languages": language_choices()}
