"""Deals and the way they go: every step leaves a row of history, every change an audit event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import Employee, User
from pipeline.clients.policies import require
from pipeline.clients.services import changed_meanwhile
from pipeline.deals import policies
from pipeline.deals.models import Deal, Stage, StageChange
from salesys.db import clock
from salesys.db.rows import FIRST_DAY, check_coming, check_planned, check_row, set_fields
from salesys.db.scope import viewer_for
from salesys.kernel.errors import Conflict, Issue, invalid
from salesys.kernel.money import ZERO

FIRST_STAGE, MEETING_STAGE = "new", "engaged"
UNDO_WITHIN = timedelta(minutes=10)
DEAL_FIELDS = frozenset({"title", "company", "product", "amount", "expected_on", "next_step", "next_step_on", "lost_reason"})
SETTLED_FIELDS = frozenset({"company_id", "product_id", "amount"})
"""What a closed deal was about: commissions and conversions are computed from it, so it stays as it was closed."""
Status = Deal.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DealDraft:
    """A deal to be created. `amount` is without VAT in the company's currency; `stage` is the code of an open stage."""

    title: str
    seller_id: int | None = None
    company_id: int | None = None
    product_id: int | None = None
    warmed_by_id: int | None = None
    amount: Decimal = ZERO
    expected_on: date | None = None
    next_step: str = ""
    next_step_on: date | None = None
    opened_on: date | None = None


@transaction.atomic
def create_deal(*, actor: User | None, draft: DealDraft, stage: str = FIRST_STAGE) -> Deal:
    """Open a deal in an open stage, with the first row of its history.

    Args:
        actor: None for the system's own jobs.
        draft: Without `seller_id` the actor sells it; without `opened_on` it opens today.
        stage: Code of an open stage.

    Raises:
        InvalidInput: A field that is wrong, a client of others, nobody who sells to sell it, or a stage in which no deal begins.
        NotAllowed: The actor's role does not open deals, or not for this seller.
    """
    if actor is not None:
        _require_creator(actor, draft)
    return open_deal(actor=actor, draft=draft, stage=stage)


def open_deal(*, actor: User | None, draft: DealDraft, stage: str) -> Deal:
    """What `create_deal` does for actors whose deed it is part of, such as a logged call; the caller has the transaction."""
    row = Deal(**{field.name: getattr(draft, field.name) for field in fields(draft)})
    row.opened_on = draft.opened_on or clock.today()
    row.seller_id = draft.seller_id or (viewer_for(actor).own_id if actor else 0)
    row.stage = _open_stage(stage)
    check_row(row)
    _check_day("opened_on", row.opened_on, FIRST_DAY)
    check_planned(expected_on=row.expected_on)
    check_coming(since=row.opened_on, next_step_on=row.next_step_on)
    row.save()
    _step(actor, row, None, row.opened_on)
    record(
        actor=actor, action="deal.created", obj=row, after={"company": row.company_id, "seller": row.seller_id, "stage": stage}
    )
    return row


@transaction.atomic
def update_deal(*, actor: User | None, deal: Deal, values: Mapping[str, object], version: str = "") -> Deal:
    """Change some fields of a deal; its stage has `move_deal`, its seller `give_deal`. Locks the deal.

    Args:
        actor: None for the system's own jobs.
        deal: Read through the scope by the caller.
        values: The fields to change, of `DEAL_FIELDS`.
        version: `version_of(deal)` as the form saw it; empty to overwrite whatever is there.

    Raises:
        Conflict: Somebody changed the deal meanwhile, or it is closed and one of `SETTLED_FIELDS` would change.
        InvalidInput: A field that is wrong, or a client of others.
        NotAllowed: The deal is not the actor's to change, or another client for somebody else's deal is not theirs to choose.
    """
    row = _locked(actor, deal, version)
    before = set_fields(row, values, DEAL_FIELDS)
    if SETTLED_FIELDS & before.keys():
        _require_open(row)
    if actor is not None and "company_id" in before:
        _require_client(actor, row.seller_id, row.company_id)
    if before:
        check_row(row)
        check_planned(expected_on=row.expected_on)
        check_coming(next_step_on=row.next_step_on if "next_step_on" in before else None)
        row.save()
        record(actor=actor, action="deal.updated", obj=row, before=before, after={name: getattr(row, name) for name in before})
    return row


@transaction.atomic
def give_deal(*, actor: User | None, deal: Deal, seller: Employee) -> Deal:
    """Give an open deal to another seller; the same one changes nothing. Locks the deal.

    Raises:
        Conflict: The deal is closed.
        InvalidInput: That person does not sell today.
        NotAllowed: The actor is not a head of this deal.
    """
    if actor is not None:
        require(policies.can_give_deal(actor, deal), problem=_("Only heads give a deal to another seller."))
        _require_selling(seller.pk)
    row = _lock(deal)
    _require_open(row)
    if row.seller_id != seller.pk:
        before = {"seller": row.seller_id}
        row.seller = seller
        row.save(update_fields=["seller", "updated_at"])
        record(actor=actor, action="deal.given", obj=row, before=before, after={"seller": seller.pk})
    return row


@transaction.atomic
def move_deal(*, actor: User | None, deal: Deal, stage: str, version: str = "", on: date | None = None) -> Deal:
    """Move an open deal to another open stage; the stage that it is in already changes nothing. Locks the deal.

    Args:
        actor: None for the system's own jobs.
        deal: Read through the scope by the caller.
        stage: Code of an open stage; `win_deal` and `lose_deal` close a deal.
        version: `version_of(deal)` as the board saw it; empty to move it wherever it is.
        on: The date of the step, today by default.

    Raises:
        Conflict: Somebody moved the deal meanwhile, or it is closed.
        InvalidInput: There is no such open stage, or the date is before the deal's last step or after today.
        NotAllowed: The deal is not the actor's to move.
    """
    row = _locked(actor, deal, version)
    _require_open(row)
    wanted = _open_stage(stage)
    if row.stage_id != wanted.pk:
        day = on or clock.today()
        _check_day("on", day, _last_step_on(row))
        _move(actor, row, wanted, day)
    return row


@transaction.atomic
def win_deal(*, actor: User | None, deal: Deal, version: str = "", on: date | None = None) -> Deal:
    """Close a deal as won; won already changes nothing. The contract is `pipeline.money`'s. Locks the deal.

    Raises:
        Conflict: It was lost, or somebody changed it meanwhile.
        InvalidInput: It has no company, or the date is before it began or after today.
        NotAllowed: The deal is not the actor's to close.
    """
    row = _locked(actor, deal, version)
    if row.status == Status.WON:
        return row
    _require_open(row)
    if row.company_id is None:
        raise invalid("no_company", _("A deal is won with a company."), field="company", remedy=_("Choose the company first."))
    _close(actor, row, Stage.Kind.WON, on or clock.today())
    return row


@transaction.atomic
def lose_deal(*, actor: User | None, deal: Deal, reason: str, version: str = "", on: date | None = None) -> Deal:
    """Close a deal as lost, with the reason; lost already changes nothing. Locks the deal.

    Raises:
        Conflict: It was won, or somebody changed it meanwhile.
        InvalidInput: There is no reason, or the date is before it began or after today.
        NotAllowed: The deal is not the actor's to close.
    """
    row = _locked(actor, deal, version)
    if row.status == Status.LOST:
        return row
    _require_open(row)
    if not reason.strip():
        raise invalid("no_reason", _("Why was it lost?"), field="lost_reason", remedy=_("A few words help the next deal."))
    row.lost_reason = reason.strip()[:200]
    _close(actor, row, Stage.Kind.LOST, on or clock.today())
    return row


@transaction.atomic
def undo_move(*, actor: User | None, deal: Deal) -> Deal:
    """Take back the newest step of a deal, soon after it was made and by whom it was made. Locks the deal.

    A lost deal is open again; a won one stays won, because its contract stands.

    Raises:
        Conflict: The step is the first one, too old, somebody else's, or the deal is won.
        NotAllowed: The deal is not the actor's.
    """
    row = _locked(actor, deal)
    newest = StageChange.all_rows.filter(deal=row).order_by("-pk").first()
    is_own = newest is not None and (actor is None or newest.by_id == actor.pk)
    if (
        newest is None
        or newest.from_stage is None
        or not is_own
        or clock.now() - newest.at > UNDO_WITHIN
        or row.status == Status.WON
    ):
        raise Conflict(Issue("cannot_undo", _("This step cannot be taken back any more."), remedy=_("Move the deal by hand.")))
    before = {"stage": row.stage_id, "status": row.status}
    row.stage, row.status, row.closed_on, row.lost_reason = newest.from_stage, Status.OPEN, None, ""
    row.save()
    newest.delete()
    record(actor=actor, action="deal.move_undone", obj=row, before=before, after={"stage": row.stage_id, "status": row.status})
    return row


def can_undo(deal: Deal, history: Sequence[StageChange], user_id: int | None) -> bool:
    """Whether `user_id` may still take the newest step back; `history` newest first. No SQL."""
    newest = next(iter(history), None)
    if newest is None or newest.from_stage_id is None or deal.status == Status.WON:
        return False
    return newest.by_id == user_id and clock.now() - newest.at <= UNDO_WITHIN


def version_of(deal: Deal) -> str:
    """Tells whether a deal was changed between showing it and acting on it."""
    return str(int(deal.updated_at.timestamp() * 1_000_000))


def _open_stage(code: str) -> Stage:
    stage: Stage | None = Stage.all_rows.filter(code=code, kind=Stage.Kind.OPEN).first()
    if stage is None:
        codes = ", ".join(Stage.all_rows.filter(kind=Stage.Kind.OPEN).values_list("code", flat=True))
        raise invalid(
            "no_such_stage", _("There is no such open stage."), field="stage", value=code, remedy=_("Choose one of: %s.") % codes
        )
    return stage


def _lock(deal: Deal) -> Deal:
    row: Deal = Deal.all_rows.select_for_update(of=("self",)).select_related("stage", "company").get(pk=deal.pk)
    return row


def _locked(actor: User | None, deal: Deal, version: str = "") -> Deal:
    row = _lock(deal)
    if actor is not None:
        require(policies.can_update_deal(actor, row), problem=_("This deal is not yours to change."))
    if version and version != version_of(row):
        raise changed_meanwhile()
    return row


def _require_open(row: Deal) -> None:
    if row.status != Status.OPEN:
        problem = _("This deal is won already.") if row.status == Status.WON else _("This deal is lost already.")
        raise Conflict(Issue("deal_is_closed", problem, "status", row.status, _("Reload the page.")))


def _require_creator(actor: User, draft: DealDraft) -> None:
    """Refuse who opens no deals, not for this seller, or not with this client."""
    require(policies.can_create_deal(actor), problem=_("Your role does not open deals."))
    _require_client(actor, draft.seller_id, draft.company_id)
    if draft.seller_id is not None and draft.seller_id != viewer_for(actor).employee_id:
        _require_selling(draft.seller_id)


def _require_client(actor: User, seller_id: int | None, company_id: int | None) -> None:
    """An open deal opens its client to its seller: heads decide on others' deals, and nobody names a client of others.

    Args:
        actor: Who opens the deal, or names another client for it.
        seller_id: Whose deal; None is the actor's.
        company_id: The client; None opens nothing.
    """
    if seller_id is not None and seller_id != viewer_for(actor).employee_id:
        require(policies.can_create_for_others(actor), problem=_("Only heads open deals for others."))
    if company_id is not None and not policies.can_sell_to(actor, company_id):
        raise invalid(
            "not_your_client",
            _("You do not hold this client."),
            field="company",
            value=company_id,
            remedy=_("Ask your head to hand the client over."),
        )


def _require_selling(employee_id: int) -> None:
    """A deal in the hands of somebody who does not sell would open the client to them and never be moved."""
    if not Employee.all_rows.in_roles(policies.WORKERS, clock.today()).filter(pk=employee_id).exists():
        raise invalid(
            "does_not_sell",
            _("This person does not sell today."),
            field="seller",
            value=employee_id,
            remedy=_("Choose a seller, a client manager or a head."),
        )


def _check_day(field: str, on: date, earliest: date) -> None:
    """Refuse a day on which it cannot have happened."""
    if on > clock.today():
        remedy = _("Write the day on which it happened.")
        raise invalid("in_the_future", _("This day has not come yet."), field=field, value=on, remedy=remedy)
    if on < earliest:
        remedy = _("Choose %s or a later day.") % earliest
        raise invalid("too_early", _("This day is too early."), field=field, value=on, remedy=remedy)


def _last_step_on(row: Deal) -> date:
    """Steps follow each other. Only a closing may be dated earlier: a contract is signed when its paper says so."""
    newest = StageChange.all_rows.filter(deal=row).order_by("-on").values_list("on", flat=True).first()
    return max(newest or row.opened_on, row.opened_on)


def _close(actor: User | None, row: Deal, kind: str, on: date) -> None:
    row.status, row.closed_on = kind, on
    _move(actor, row, Stage.all_rows.get(kind=kind), on)


def _move(actor: User | None, row: Deal, stage: Stage, on: date) -> None:
    _check_day("on", on, row.opened_on)
    previous = row.stage
    row.stage = stage
    row.save()
    _step(actor, row, previous, on)
    action = "deal.moved" if stage.kind == Stage.Kind.OPEN else f"deal.{stage.kind}"
    record(actor=actor, action=action, obj=row, before={"stage": previous.code}, after={"stage": stage.code, "on": on})


def _step(actor: User | None, row: Deal, previous: Stage | None, on: date) -> None:
    StageChange.all_rows.create(deal=row, from_stage=previous, to_stage=row.stage, on=on, by=actor)
