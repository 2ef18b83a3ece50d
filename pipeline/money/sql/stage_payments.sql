-- Rows of one load on their way in; gone with the transaction.
CREATE TEMPORARY TABLE payment_staging (
    line integer NOT NULL,
    reference text NOT NULL,
    contract text NOT NULL,
    paid_on date NOT NULL,
    amount numeric(18, 2) NOT NULL,
    currency text NOT NULL,              -- empty: the refunded payment's
    currency_rate numeric(18, 6) NOT NULL,
    vat_rate numeric(9, 6) NOT NULL,
    amount_without_vat numeric(18, 2) NOT NULL,
    refund_of text NOT NULL,             -- the reference of the payment that goes back, or empty
    note text NOT NULL,
    is_currency_given boolean NOT NULL,
    is_rate_given boolean NOT NULL,
    is_vat_given boolean NOT NULL
) ON COMMIT DROP
