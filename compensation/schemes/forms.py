"""The editor of a scheme's version: one small form per component."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Employee
from accounts.roles import Role
from compensation.engine import terms as engine
from compensation.engine.newness import MAX_DAYS, NewUntil, NewUntilRule
from compensation.engine.trace import plain
from compensation.schemes.models import Component
from pipeline.models import Product
from salesys.kernel.errors import InvalidInput
from salesys.kernel.numbers import decimal_number
from salesys.shell.forms import Dressed, ShellForm, issue_text

RULES = [
    (NewUntilRule.FIRST_DEAL.value, _("its first won deal is paid")),
    (NewUntilRule.FIRST_MONTH.value, _("the month of its first payment ends")),
    (NewUntilRule.DAYS.value, _("so many days after its first payment")),
]
TIER = re.compile(r"^\s*(?P<lower>[\d.]+)\s*-\s*(?P<upper>[\d.]*)\s*:\s*(?P<value>[\d.]+)\s*$")
EMPTY = [("", "")]


def parse_tiers(text: str) -> tuple[engine.Tier, ...]:
    """Read tiers, one per line: `0 - 100000: 0.05`, the last without an upper bound: `100000 -: 0.1`.

    Raises:
        ValidationError: A line is none; with its number.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            match = TIER.match(line)
            if match is None:
                text = gettext("Line %(number)s is not a tier: %(line)s. Write it like 0 - 100000: 0.05.")
                raise ValidationError(text % {"number": number, "line": line})
            found.append(_tier(match, number))
    return tuple(found)


def _tier(match: re.Match[str], number: int) -> engine.Tier:
    upper = _number(match["upper"], number) if match["upper"] else None
    return engine.Tier(_number(match["lower"], number), upper, _number(match["value"], number))


def _number(text: str, line: int) -> Decimal:
    found = decimal_number(text)
    if found is None or not found.is_finite():
        raise ValidationError(gettext("Line %(number)s has something that is not a number.") % {"number": line})
    return found


def show_tiers(tiers: tuple[engine.Tier, ...]) -> str:
    """Tiers as `parse_tiers` reads them."""
    return "\n".join(
        f"{plain(tier.lower)} - {plain(tier.upper) if tier.upper is not None else ''}: {plain(tier.value)}" for tier in tiers
    )


class VersionForm(ShellForm):
    """From when the terms hold, and until when a client is new: the rule, and for the rule of days how many."""

    from_on = forms.DateField(label=_("Holds from"), widget=forms.DateInput)
    new_until = forms.ChoiceField(label=_("A client is new until"), choices=RULES)
    days = forms.IntegerField(
        label=_("Days after the first payment"),
        min_value=1,
        max_value=MAX_DAYS,
        required=False,
        help_text=_("counts only where a client is new for so many days"),
    )
    note = forms.CharField(label=_("Why it changes"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """The rule of days needs their number; any other leaves it out."""
        data = self.cleaned_data
        is_by_days = data.get("new_until") == NewUntilRule.DAYS
        if is_by_days and data.get("days") is None and not self.has_error("days"):
            self.add_error("days", ValidationError(gettext("Write how many days."), code="required"))
        return data

    def rule(self) -> NewUntil:
        """The rule that was chosen, once the form is valid."""
        rule = NewUntilRule(self.cleaned_data["new_until"])
        return NewUntil(rule, self.cleaned_data["days"]) if rule is NewUntilRule.DAYS else NewUntil(rule)


def initial_rule(until: NewUntil) -> dict[str, Any]:
    """What the form begins with for a rule."""
    return {"new_until": until.rule.value, "days": until.days or None}


class ComponentForm(Dressed, forms.Form):
    """One component; which fields count follows from its kind."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Kind"), choices=[*EMPTY, *Component.Kind.choices], required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    code = forms.CharField(widget=forms.HiddenInput, required=False)
    salary_amount = forms.DecimalField(label=_("Monthly amount"), max_digits=18, decimal_places=2, required=False)
    credit_role = forms.ChoiceField(label=_("Credited as"), choices=Component.CreditRole.choices, required=False)
    basis = forms.ChoiceField(label=_("Rate of"), choices=Component.Basis.choices, initial="margin", required=False)
    newness = forms.ChoiceField(label=_("Counts"), choices=Component.Newness.choices, required=False)
    rate = forms.DecimalField(
        label=_("Rate"), max_digits=9, decimal_places=6, required=False, help_text=_("a share: 0.1 is 10 %")
    )
    tiers = forms.CharField(
        label=_("Tiers or steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("one per line, from - to: value; the last without an end: 100000 -: 0.1"),
    )
    tier_on = forms.ChoiceField(label=_("Tiers on"), choices=Component.TierOn.choices, required=False)
    tier_mode = forms.ChoiceField(label=_("Tiers apply to"), choices=Component.TierMode.choices, required=False)
    floor_amount = forms.DecimalField(label=_("At least"), max_digits=18, decimal_places=2, required=False)
    cap_amount = forms.DecimalField(label=_("At most"), max_digits=18, decimal_places=2, required=False)
    step_unit = forms.ChoiceField(label=_("A step pays"), choices=Component.StepUnit.choices, required=False)
    breakeven_amount = forms.DecimalField(label=_("Breakeven"), max_digits=18, decimal_places=2, required=False)
    product = forms.ModelChoiceField(Product.objects.none(), label=_("Only product"), required=False)
    category = forms.CharField(label=_("Only category"), max_length=80, required=False)
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Only department"), required=False)

    KINDS = {
        "salary_amount": "salary",
        "credit_role": "rate",
        "basis": "rate",
        "newness": "rate",
        "rate": "rate team_pool",
        "tiers": "rate plan_bonus",
        "tier_on": "rate",
        "tier_mode": "rate",
        "floor_amount": "rate",
        "cap_amount": "rate",
        "step_unit": "plan_bonus",
        "breakeven_amount": "team_pool",
        "product": "rate",
        "category": "rate",
        "department": "rate",
    }
    """Field -> kinds that it counts for; the page hides the others."""
    CHOSEN = ("credit_role", "basis", "newness", "tier_on", "tier_mode", "step_unit")
    """What a component of their kind cannot do without; amounts that are left empty are zero."""

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.visible_to(viewer)  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.visible_to(viewer)  # type: ignore[attr-defined]

    def clean_tiers(self) -> tuple[engine.Tier, ...]:
        return parse_tiers(self.cleaned_data["tiers"])

    def clean(self) -> dict[str, Any]:
        """A component needs every choice of its kind; those of other kinds are no matter."""
        kind = self.cleaned_data.get("kind")
        for name in self.CHOSEN if kind else ():
            if kind in self.KINDS[name].split() and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, ValidationError(_("Choose one: this kind of component needs it."), code="required"))
        return self.cleaned_data

    @property
    def is_filled(self) -> bool:
        """Whether it describes a component; empty ones at the end are left out."""
        return bool(self.cleaned_data.get("kind"))

    def shown_fields(self) -> list[tuple[Any, str]]:
        """Bound fields with the kinds that they count for."""
        return [(self[name], kinds) for name, kinds in self.KINDS.items()]

    def component(self, place: int) -> engine.Component:
        """The component as the engine's value."""
        data = self.cleaned_data
        name = data["name"].strip() or str(dict(Component.Kind.choices)[data["kind"]])
        code = data["code"] or slugify(f"{data['kind']}-{place + 1}")
        return engine.Component(code, name, self._terms(data))

    def _terms(self, data: dict[str, Any]) -> engine.Terms:
        match data["kind"]:
            case Component.Kind.SALARY:
                return engine.Salary(data["salary_amount"] or engine.ZERO)
            case Component.Kind.PLAN_BONUS:
                return engine.PlanBonus(data["tiers"], engine.StepUnit(data["step_unit"]))
            case Component.Kind.TEAM_POOL:
                return engine.TeamPool(data["rate"] or engine.ZERO, data["breakeven_amount"] or engine.ZERO)
            case _:
                return _rate(data)


def _rate(data: dict[str, Any]) -> engine.Rate:
    return engine.Rate(
        role=engine.CreditRole(data["credit_role"]),
        basis=engine.Basis(data["basis"]),
        newness=engine.Newness(data["newness"]),
        rate=data["rate"] or engine.ZERO,
        tiers=data["tiers"],
        tier_on=engine.TierOn(data["tier_on"]),
        tier_mode=engine.TierMode(data["tier_mode"]),
        floor=data["floor_amount"],
        cap=data["cap_amount"],
        product_id=data["product"].pk if data["product"] else None,
        category=data["category"].strip(),
        department_id=data["department"].pk if data["department"] else None,
    )


def initial_of(part: engine.Component) -> dict[str, Any]:
    """What the form of a component begins with."""
    common = {"kind": part.kind.value, "name": part.name, "code": part.code}
    match part.terms:
        case engine.Salary(amount=amount):
            return common | {"salary_amount": amount}
        case engine.PlanBonus(steps=steps, unit=unit):
            return common | {"tiers": show_tiers(steps), "step_unit": unit.value}
        case engine.TeamPool(rate=rate, breakeven=breakeven):
            return common | {"rate": rate, "breakeven_amount": breakeven}
        case engine.Rate() as rate:
            return common | {
                "credit_role": rate.role.value,
                "basis": rate.basis.value,
                "newness": rate.newness.value,
                "rate": rate.rate,
                "tiers": show_tiers(rate.tiers),
                "tier_on": rate.tier_on.value,
                "tier_mode": rate.tier_mode.value,
                "floor_amount": rate.floor,
                "cap_amount": rate.cap,
                "product": rate.product_id,
                "category": rate.category,
                "department": rate.department_id,
            }


ComponentFormSet = forms.formset_factory(ComponentForm, extra=2, max_num=12)

FIELDS = {
    "amount": "salary_amount",
    "floor": "floor_amount",
    "breakeven": "breakeven_amount",
    "steps": "tiers",
    "code": "name",
}
PLACE = re.compile(r"^components\[(?P<place>\d+)\]\.(?P<field>\w+)")


def add_component_issues(version: VersionForm, parts: list[ComponentForm], error: InvalidInput) -> None:
    """Show each fault beside the field of the component that it is about; the rest on top."""
    for issue in error.issues:
        match = PLACE.match(issue.field)
        if match and int(match["place"]) < len(parts):
            name = FIELDS.get(match["field"], match["field"])
            part = parts[int(match["place"])]
            part.add_error(name if name in part.fields else None, issue_text(issue))
        else:
            version.add_error(issue.field if issue.field in version.fields else None, issue_text(issue))


class SchemeForm(ShellForm):
    """A new scheme."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)


class AssignForm(ShellForm):
    """Who is paid by the scheme from a date on."""

    employee = forms.ModelChoiceField(Employee.objects.none(), label=_("Person"), required=False)
    role = forms.ChoiceField(label=_("or everyone of the role"), choices=[*EMPTY, *Role.choices], required=False)
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput)

    def __init__(self, *args: Any, viewer: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].queryset = Employee.objects.visible_to(viewer)  # type: ignore[attr-defined]
