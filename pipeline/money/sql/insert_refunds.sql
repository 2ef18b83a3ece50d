WITH
-- each refund that is not recorded yet, beside its payment
refunds AS (
    SELECT DISTINCT ON (s.reference) s.line, s.reference, s.paid_on, s.amount, s.note, p.id AS payment_id, p.company_id,
           p.contract_id, p.currency, p.currency_rate, p.vat_rate,
           coalesce((SELECT -sum(r.amount) FROM pipeline_payment r WHERE r.refund_of_id = p.id), 0) AS went_before
    FROM payment_staging s
    JOIN pipeline_payment p ON p.reference = s.refund_of
    WHERE s.refund_of <> '' AND NOT EXISTS (SELECT FROM pipeline_payment k WHERE k.reference = s.reference)
    ORDER BY s.reference, s.line
),
-- what had gone back before each, and with it, so that the refunds of a payment add up to what it brought
running AS (
    SELECT *, went_before - sum(amount) OVER (PARTITION BY payment_id ORDER BY paid_on, line) AS gone
    FROM refunds
)
INSERT INTO pipeline_payment (reference, company_id, contract_id, refund_of_id, paid_on, amount, currency, currency_rate, vat_rate,
                              amount_without_vat, source, note, entered_by_id, entered_at)
SELECT reference, company_id, contract_id, payment_id, paid_on, amount, currency, currency_rate, vat_rate,
       round(round((gone + amount) * currency_rate, 2) / (1 + vat_rate), 2) - round(round(gone * currency_rate, 2) / (1 + vat_rate), 2),
       %(source)s, note, %(actor)s, %(now)s
FROM running
ORDER BY paid_on, line
