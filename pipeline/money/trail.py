"""How a payment came about, as a line of events from the money back to the first research."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipeline.calling.models import Call
from pipeline.deals.models import Deal
from pipeline.money.models import Payment
from pipeline.money.queries import Trail
from pipeline.tasks.models import ResearchCard
from salesys.shell.formats import money_text

NOTE_LENGTH = 160


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One step, as the timeline component shows it."""

    at: date | datetime
    title: str
    icon: str
    text: str = ""
    who: str = ""
    url: str = ""
    tone: str = ""


def events_of(payment: Payment, trail: Trail) -> list[TrailEvent]:
    """The steps that the viewer may see, the newest first; each links only to what opens for the viewer."""
    contract = trail.contract
    events = [_payment_event(payment)]
    if payment.refund_of is not None:
        url = reverse("pipeline:payment", args=[payment.refund_of.pk]) if trail.opens_payments else ""
        events.append(_payment_event(payment.refund_of, url=url))
    events.append(
        TrailEvent(
            contract.signed_on,
            _("Contract %s signed") % contract.number,
            "contract",
            # Who is paid for one payment of a contract may not learn what the whole of it is worth
            text=money_text(contract.amount) if trail.opens_contract else "",
            who=str(contract.seller or ""),
            url=reverse("pipeline:contract", args=[contract.pk]) if trail.opens_contract else "",
        )
    )
    if trail.deal is not None:
        events += _deal_events(trail.deal)
    page = reverse("pipeline:company", args=[contract.company_id]) if trail.opens_company else ""
    events += [_call_event(call, page) for call in trail.calls]
    events += [_card_event(card, page) for card in trail.cards]
    return events


def more_calls(trail: Trail) -> str:
    """How many calls are not shown; empty when all are."""
    hidden = trail.calls_total - len(trail.calls)
    return ngettext("%d earlier call is not shown.", "%d earlier calls are not shown.", hidden) % hidden if hidden > 0 else ""


def _payment_event(payment: Payment, url: str = "") -> TrailEvent:
    title = _("Money went back") if payment.is_refund else _("Money came in")
    amount = money_text(payment.amount, payment.currency)
    return TrailEvent(payment.paid_on, title, "cash", text=amount, url=url, tone="bad" if payment.is_refund else "good")


def _deal_events(deal: Deal) -> Iterator[TrailEvent]:
    url = reverse("pipeline:deal", args=[deal.pk])
    if deal.closed_on is not None:
        yield TrailEvent(deal.closed_on, _("Deal won"), "trophy", text=deal.title, who=str(deal.seller), url=url)
    opened = _("Deal opened from a warm contact") if deal.warmed_by_id else _("Deal opened")
    yield TrailEvent(deal.opened_on, opened, "briefcase", text=deal.title, who=str(deal.warmed_by or deal.seller), url=url)


def _call_event(call: Call, page: str) -> TrailEvent:
    parts: list[Any] = [call.contact, Truncator(call.note).chars(NOTE_LENGTH)]
    text = " · ".join(str(part) for part in parts if part)
    title = _("Call: %s") % call.get_outcome_display()
    url = f"{page}#call-{call.pk}" if page else ""
    return TrailEvent(call.started_at, title, "phone", text=text, who=str(call.employee), url=url)


def _card_event(card: ResearchCard, page: str) -> TrailEvent:
    url = f"{page}#card-{card.pk}" if page else ""
    text = Truncator(card.brief or card.needs).chars(NOTE_LENGTH)
    return TrailEvent(card.prepared_on, _("Research card prepared"), "file-text", text=text, who=str(card.author), url=url)
