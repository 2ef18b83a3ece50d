"""The simplified margin of a payment: what is left of it, without VAT, after the direct cost."""

from __future__ import annotations

from decimal import Decimal

from salesys.kernel.money import round_money


def margin_of(
    net_amount: Decimal, *, direct_cost: Decimal | None, contract_amount: Decimal | None, cost_rate: Decimal
) -> Decimal:
    """The margin of one payment.

    Args:
        net_amount: The payment without VAT, negative for a refund.
        direct_cost: The contract's explicit direct cost in all; a payment bears its part of it in proportion to its share
            of the contract. None: not known, the product's cost rate holds.
        contract_amount: The contract without VAT; None or zero: there is nothing to take a proportion of.
        cost_rate: The product's direct cost as a share of its price, 0 when nothing is known.
    """
    if direct_cost is not None and contract_amount:
        return net_amount - round_money(net_amount * direct_cost / contract_amount)
    return net_amount - round_money(net_amount * cost_rate)
