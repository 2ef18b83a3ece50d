"""Signing: a deal becomes a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.access.audit import record
from accounts.people.models import User
from pipeline.deals.models import Deal, Product
from pipeline.deals.services import win_deal
from pipeline.money.models import Contract
from pipeline.money.policies import can_set_direct_cost, can_sign_contract
from pipeline.money.services import allow
from salesys.db import clock
from salesys.db.locks import lock_until_commit
from salesys.kernel.errors import Conflict, Issue, invalid, raise_if_any
from salesys.kernel.money import MAX_MONEY, ZERO, round_money

NUMBER_TRIES = 1000


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What is agreed with the client: `amount` without VAT in the company's currency.

    An empty `number` is given by the system.
    """

    signed_on: date
    amount: Decimal
    number: str = ""
    due_on: date | None = None
    direct_cost: Decimal | None = None
    product: Product | None = None


@transaction.atomic
def sign_contract(*, actor: User | None, deal: Deal, terms: ContractTerms) -> Contract:
    """Turn a deal into a contract; an open deal is won by it, in the same transaction.

    Args:
        actor: None for the system's own jobs.
        deal: Open or won, with a company, without a contract.
        terms: An empty `number` takes the next one of the year, such as 2026-00042.

    Raises:
        NotAllowed: The actor does not see the deal or does not sign contracts, or names the cost of what they sell themselves.
        InvalidInput: The deal has no company or is lost; an amount, date or number is wrong.
        Conflict: The deal has its contract already.

    Locks: the deal's row, the number and, for one of the system, the year's counter, until the transaction ends.
    """
    allow(actor, allowed=can_sign_contract(actor, deal), what=_("sign this contract"))
    deal = Deal.all_rows.select_for_update(of=("self",)).select_related("product").get(pk=deal.pk)
    if terms.direct_cost is not None:
        allow(actor, allowed=can_set_direct_cost(actor, deal.seller_id), what=_("set the direct cost"))
    raise_if_any(_contract_issues(deal, terms))
    if (signed := Contract.all_rows.filter(deal=deal).first()) is not None:
        raise Conflict(
            Issue("already_signed", _("This deal has its contract already."), "deal", signed.number, _("Open that contract."))
        )
    if deal.status == Deal.Status.OPEN:
        win_deal(actor=actor, deal=deal, on=terms.signed_on)
    contract: Contract = Contract.all_rows.create(
        number=_free_number(terms),
        company_id=deal.company_id or 0,
        deal=deal,
        product=terms.product or deal.product,
        seller_id=deal.seller_id,
        signed_on=terms.signed_on,
        due_on=terms.due_on,
        amount=terms.amount,
        direct_cost=terms.direct_cost,
    )
    after = {"deal": deal.pk, "number": contract.number, "amount": contract.amount, "signed_on": contract.signed_on}
    record(actor=actor, action="contract.signed", obj=contract, after=after)
    return contract


@transaction.atomic
def set_direct_cost(*, actor: User | None, contract: Contract, direct_cost: Decimal | None) -> Contract:
    """Say what a contract costs us, or None for the product's rate; what was credited under it is computed again. Locks it.

    Args:
        actor: None for the system's own jobs.
        contract: Read through the scope by the caller.
        direct_cost: Of the whole contract, in the company's currency.

    Raises:
        NotAllowed: The actor keeps no books and heads nobody, or sells this contract.
        InvalidInput: An amount that is wrong.
    """
    allow(actor, allowed=can_set_direct_cost(actor, contract.seller_id), what=_("set the direct cost"))
    raise_if_any(_amount_issues("direct_cost", direct_cost) if direct_cost is not None else [])
    row: Contract = Contract.all_rows.select_for_update(of=("self",)).get(pk=contract.pk)
    if row.direct_cost != direct_cost:
        before = {"direct_cost": row.direct_cost}
        row.direct_cost = direct_cost
        row.save(update_fields=["direct_cost"])
        record(actor=actor, action="contract.cost_set", obj=row, before=before, after={"direct_cost": direct_cost})
    return row


def _contract_issues(deal: Deal, terms: ContractTerms) -> list[Issue]:
    amounts = (("amount", terms.amount), ("direct_cost", terms.direct_cost if terms.direct_cost is not None else ZERO))
    wrong = [issue for field, amount in amounts for issue in _amount_issues(field, amount)]
    if deal.status == Deal.Status.LOST:
        wrong.append(Issue("deal_is_lost", _("This deal was lost."), "deal", str(deal.pk), _("Open it again first.")))
    if deal.company_id is None:
        wrong.append(
            Issue(
                "deal_without_company", _("This deal has no company yet."), "deal", str(deal.pk), _("Choose its company first.")
            )
        )
    if terms.signed_on > clock.today():
        wrong.append(
            Issue(
                "in_the_future",
                _("This day has not come yet."),
                "signed_on",
                str(terms.signed_on),
                _("Write the day of signing."),
            )
        )
    if terms.signed_on < deal.opened_on:
        remedy = _("The deal was opened on %s.") % deal.opened_on
        wrong.append(Issue("before_the_deal", _("This is before the deal began."), "signed_on", str(terms.signed_on), remedy))
    if terms.due_on is not None and terms.due_on < terms.signed_on:
        remedy = _("Choose the day of signing or a later one.")
        wrong.append(
            Issue("due_before_signed", _("Payment is due before the contract is signed."), "due_on", str(terms.due_on), remedy)
        )
    return wrong


def _amount_issues(field: str, amount: Decimal) -> list[Issue]:
    if not amount.is_finite() or not ZERO <= amount <= MAX_MONEY:
        return [
            Issue("out_of_range", _("This amount is out of range."), field, str(amount), _("Write zero or more, like 1234.50."))
        ]
    if amount != round_money(amount):
        return [
            Issue("too_precise", _("Amounts have at most two decimal places."), field, str(amount), _("Round it to kopecks."))
        ]
    return []


def _free_number(terms: ContractTerms) -> str:
    """The number asked for, or the next of the year that no imported contract has taken."""
    if terms.number:
        if _is_taken(terms.number):
            raise Conflict(_number_issue(terms.number))
        return terms.number
    for _attempt in range(NUMBER_TRIES):
        number = f"{terms.signed_on.year}-{_next_of_year(terms.signed_on.year):05d}"
        if not _is_taken(number):
            return number
    raise invalid("no_free_number", _("No free contract number was found."), field="number", remedy=_("Write a number."))


def _is_taken(number: str) -> bool:
    """Whether a contract has the number; who asks for the same one at the same moment waits until it is decided."""
    lock_until_commit(f"contract:{number}")
    return Contract.all_rows.filter(number=number).exists()


def _number_issue(number: str) -> Issue:
    """The same for every contract, whoever sees it: whose it is, or that it exists, is no matter of who signs this one."""
    remedy = _("Choose another, or leave it empty: then it gets the next number of the year.")
    return Issue("number_taken", _("This number cannot be used."), "number", number, remedy)


def _next_of_year(year: int) -> int:
    """Count up; two who sign at once wait for each other, and a number that is not used comes again."""
    statement = """
        INSERT INTO pipeline_contractcounter (year, last) VALUES (%s, 1)
        ON CONFLICT (year) DO UPDATE SET last = pipeline_contractcounter.last + 1 RETURNING last
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [year])
        return int(cursor.fetchone()[0])
