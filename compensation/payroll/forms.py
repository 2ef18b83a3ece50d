"""Forms of payroll."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compensation.ledger.pools import DepartmentPool, PoolMember
from compensation.schemes.wording import rate_text
from salesys.kernel.allocation import allocate_units
from salesys.shell.formats import money_text
from salesys.shell.forms import ShellForm, dress_field

PERCENT = Decimal(100)
PARTS = 1_000_000
"""A part is kept with six places, so a percent is written with four."""


class ReasonForm(ShellForm):
    """One sentence that says why."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PoolForm(ShellForm):
    """Each member's part of the pool in percent; it begins with the parts that are kept, else with those of days worked."""

    def __init__(self, *args: Any, pool: DepartmentPool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pool = pool
        for member, part in zip(pool.members, _first_parts(pool), strict=True):
            self.fields[_name(member)] = _part_field(member, part)

    @property
    def weights(self) -> dict[int, Decimal]:
        """Employee -> part, as shares of 1."""
        return {member.employee.pk: self.cleaned_data[_name(member)] / PERCENT for member in self.pool.members}

    def clean(self) -> dict[str, Any]:
        """Parts make a whole; says what is left to give, or how much is too much."""
        given = [self.cleaned_data.get(_name(member)) for member in self.pool.members]
        known = [part for part in given if part is not None]
        left = PERCENT - sum(known)
        if left and len(known) == len(given):
            pattern = _("The parts add up to %(whole)s: %(part)s too much.")
            if left > 0:
                pattern = _("The parts add up to %(whole)s: %(part)s left to give.")
            whole, part = rate_text((PERCENT - left) / PERCENT), rate_text(abs(left) / PERCENT)
            raise ValidationError(pattern % {"whole": whole, "part": part}, code="parts_not_whole")
        return self.cleaned_data


def _name(member: PoolMember) -> str:
    return f"part_{member.employee.pk}"


def _part_field(member: PoolMember, part: Decimal) -> forms.Field:
    days = ngettext("%(count)d day worked", "%(count)d days worked", member.days) % {"count": member.days}
    by_days = _("%(amount)s by them") % {"amount": money_text(member.by_days)}
    field = forms.DecimalField(
        label=_("%(name)s, %%") % {"name": member.employee.full_name},
        min_value=Decimal(0),
        max_value=PERCENT,
        max_digits=7,
        decimal_places=4,
        initial=part,
        help_text=f"{days}, {by_days}",
    )
    dress_field(field)
    return field


def _first_parts(pool: DepartmentPool) -> list[Decimal]:
    """In percent, by kept parts or by days worked to the last of four places."""
    if pool.is_weighed or not pool.members:
        return [(member.weight or Decimal(0)) * PERCENT for member in pool.members]
    units = allocate_units(PARTS, [Decimal(member.days) for member in pool.members])
    return [part * PERCENT / PARTS for part in units]
