"""How a line came about, in words: inputs, pieces, result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compensation.engine.trace import Piece, PieceKind
from compensation.ledger.models import CreditLine, PayPeriod
from compensation.schemes.models import Component
from compensation.schemes.wording import rate_text, share_text
from compensation.statements.queries import StatementLine, is_reversal
from salesys.shell.formats import money_text, number_text


@dataclass(frozen=True, slots=True)
class MonthState:
    """How far a month's pay is, for who is paid: a few words, what they mean for the figures, and what the sum is called."""

    title: str
    meaning: str
    total: str


def month_state(period: PayPeriod | None) -> MonthState:
    """The state of a month; None is a month that no run has opened."""
    due = _("To be paid")
    if period is None:
        return MonthState(_("Not computed yet"), _("the nightly run fills it"), due)
    late = _("what comes late is paid in a later month")
    match period.status:
        case PayPeriod.Status.APPROVED:
            return MonthState(_("Approved"), late, due)
        case PayPeriod.Status.CLOSED:
            return MonthState(_("Paid out and closed"), late, _("Paid out"))
        case _:
            return MonthState(_("Still open"), _("figures change until it is approved"), due)


def line_in_words(line: StatementLine) -> list[str]:
    """The sentences of a statement's line: what changed since an earlier period, then one per piece."""
    if line.is_taken_back:
        return [_taken_back(line)]
    if not line.pieces:
        return [counted_in_words(line) if is_summed(line.component) else credits_in_words(line)]
    return [*_change(line), *_inputs(line), *(piece_in_words(piece, line) for piece in line.pieces)]


def is_summed(component: Component) -> bool:
    """Whether single payments only count towards it: it is earned on a sum, in a line of its own."""
    return component.kind != Component.Kind.RATE or component.is_summed


def _taken_back(line: StatementLine) -> str:
    if not line.was:
        return _("Taken back within the month: nothing is left of it.")
    if not line.is_adjustment:
        return _("Nothing is left of it; other periods have %(was)s of it.") % {"was": money_text(line.was)}
    return _("Taken back: it was %(was)s, and nothing is left of it.") % {"was": money_text(line.was)}


def _change(line: StatementLine) -> list[str]:
    """What the amount is the difference of, where other periods have a part of it."""
    if not line.was:
        return []
    values = {"was": money_text(line.was), "now": money_text(line.now)}
    if line.is_adjustment:
        return [_("Was %(was)s, now %(now)s.") % values]
    return [_("In all %(now)s; other periods have %(was)s of it.") % values]


def counted_in_words(line: StatementLine) -> str:
    """Payments that earn nothing one by one."""
    pattern = _("%(lines)s, %(basis)s %(sum)s: counts towards the sum of the month.")
    if line.component.kind == Component.Kind.TEAM_POOL:
        pattern = _("%(lines)s, %(basis)s %(sum)s: counts towards the department's pool.")
    return pattern % _counted(line)


def credits_in_words(line: StatementLine) -> str:
    """A rate that is paid credit by credit."""
    pattern = _("%(lines)s, %(basis)s %(sum)s × %(rate)s, each rounded on its own")
    return pattern % (_counted(line) | {"rate": rate_text(line.component.rate or Decimal(0))})


def _counted(line: StatementLine) -> dict[str, str]:
    """How many payments, and what they come to."""
    counted = ngettext("%(count)d line of a payment", "%(count)d lines of payments", line.credit_count) % {
        "count": line.credit_count
    }
    basis = _("margin") if line.component.basis == Component.Basis.MARGIN else _("revenue")
    return {"lines": counted, "basis": basis, "sum": money_text(line.basis)}


def _inputs(line: StatementLine) -> list[str]:
    inputs, found = line.inputs, []
    if "collections" in inputs:
        divided = _("days worked") if inputs["by"] == "days" else _("the head's weights")
        found.append(
            _("The department collected %(sum)s; the pool is divided among %(members)s members by %(by)s.")
            % {"sum": money_text(Decimal(inputs["collections"])), "members": inputs["members"], "by": divided}
        )
    if "attainment" in inputs:
        found.append(
            _("Plan %(plan)s, collected %(fact)s: attainment %(share)s.")
            % {
                "plan": money_text(Decimal(inputs["plan"])),
                "fact": money_text(Decimal(inputs["fact"])),
                "share": share_text(Decimal(inputs["attainment"])),
            }
        )
    if "floor" in inputs:
        found.append(_("Floor %(floor)s a month") % {"floor": money_text(Decimal(inputs["floor"]))} + f", {_worked(line)}.")
    return found


def _worked(line: StatementLine) -> str:
    return _("%(worked)s of %(norm)s working days") % {
        "worked": line.inputs.get("worked_days", ""),
        "norm": line.inputs.get("norm_days", ""),
    }


def piece_in_words(piece: Piece, line: StatementLine) -> str:
    """One piece of a computation."""
    if piece.kind is PieceKind.SHARE:
        return _own_part(piece, line)
    values = {
        "base": money_text(piece.base),
        "rate": rate_text(piece.factor),
        "amount": money_text(abs(piece.amount) if piece.kind is PieceKind.CAP else piece.amount),
        "lower": money_text(piece.lower or Decimal(0)),
        "span": span_text(piece, is_share=line.component.tier_on != "amount"),
    }
    if piece.kind is PieceKind.CAP and piece.amount > 0:
        return _("Refunds take back no more than the cap: raised by %(amount)s to %(base)s.") % values
    return _patterns(line)[piece.kind] % values


def _patterns(line: StatementLine) -> dict[PieceKind, str]:
    step = _("Step %(span)s: %(rate)s of the salary %(base)s = %(amount)s.")
    if line.component.step_unit == Component.StepUnit.SUM:
        step = _("Step %(span)s pays %(amount)s.")
    return {
        PieceKind.PRORATED: _("Salary %(base)s a month") + f", {_worked(line)} = " + "%(amount)s.",
        PieceKind.RATED: _("%(base)s × %(rate)s = %(amount)s."),
        PieceKind.TIER: _("Tier %(span)s: %(base)s × %(rate)s = %(amount)s."),
        PieceKind.FLOOR: _("Raised by %(amount)s to the floor of %(base)s."),
        PieceKind.CAP: _("Lowered by %(amount)s to the cap of %(base)s."),
        PieceKind.STEP: step,
        PieceKind.NO_PLAN: _("There is no agreed plan for this month, so there is no bonus."),
        PieceKind.POOL: _("Above the breakeven of %(lower)s: %(base)s × %(rate)s = %(amount)s for the department."),
    }


def _own_part(piece: Piece, line: StatementLine) -> str:
    """A member's part of a pool by what it was divided by: a share cut to a few places would not multiply to the amount."""
    own, whole = (Decimal(line.inputs.get(name, "0")) for name in ("own", "all"))
    values = {"base": money_text(piece.base), "amount": money_text(piece.amount), "share": rate_text(piece.factor)}
    if line.inputs.get("by") == "days" and whole:
        values |= {"own": number_text(own), "all": number_text(whole)}
        return _("Own part: %(base)s × %(own)s / %(all)s days worked = %(amount)s.") % values
    if whole not in (0, 1):
        # Who had the rest is no member any more
        values |= {"own": rate_text(own), "all": rate_text(whole)}
        return _("Own part: %(base)s × %(own)s / %(all)s of the parts given = %(amount)s.") % values
    return _("Own part: %(base)s × %(share)s = %(amount)s.") % values


def span_text(piece: Piece, *, is_share: bool) -> str:
    """The bounds of a tier or step."""
    lower = _bound(piece.lower or Decimal(0), is_share=is_share)
    if piece.upper is None:
        return _("from %(lower)s") % {"lower": lower}
    return _("from %(lower)s to under %(upper)s") % {"lower": lower, "upper": _bound(piece.upper, is_share=is_share)}


def _bound(number: Decimal, *, is_share: bool) -> str:
    return share_text(number) if is_share else number_text(number, 2)


def credit_in_words(credit: CreditLine) -> str:
    """How one credit came about: basis, rate, result."""
    component = cast("Component", credit.component)
    basis = money_text(credit.basis_amount)
    if component.basis == Component.Basis.MARGIN:
        cost = credit.net_amount - credit.basis_amount
        basis = _("%(net)s without VAT - direct cost %(cost)s = margin %(margin)s") % {
            "net": money_text(credit.net_amount),
            "cost": money_text(cost),
            "margin": basis,
        }
    if credit.rate is None and component.kind == Component.Kind.TEAM_POOL:
        return _("%(basis)s; counts towards the department's pool.") % {"basis": basis}
    if credit.rate is None:
        return _("%(basis)s; counts towards the sum of the month.") % {"basis": basis}
    client = _("new client") if credit.is_new else _("earlier client")
    return _("%(basis)s; × %(rate)s (%(client)s) = %(amount)s.") % {
        "basis": basis,
        "rate": rate_text(credit.rate),
        "client": client,
        "amount": money_text(credit.amount),
    }


def credit_status(credit: CreditLine) -> str:
    """Whether a revision is the first, takes the one before it back, or was computed again."""
    if credit.revision == 1:
        return ""
    return _("taken back") if is_reversal(credit) else _("computed again")
