-- Lines of the load, those whose payment is recorded already (or repeated in the file), and the sum of the others without VAT.
WITH
first_lines AS (
    SELECT DISTINCT ON (reference) s.*, EXISTS (SELECT FROM pipeline_payment p WHERE p.reference = s.reference) AS is_known
    FROM payment_staging s
    ORDER BY reference, line
),
-- refunds with the payment that they give back: recorded, else from the same file
refunds AS (
    SELECT s.refund_of, s.paid_on, s.line, s.amount, coalesce(p.currency_rate, f.currency_rate) AS currency_rate,
           coalesce(p.vat_rate, f.vat_rate) AS vat_rate,
           coalesce((SELECT -sum(r.amount) FROM pipeline_payment r WHERE r.refund_of_id = p.id), 0) AS went_before
    FROM first_lines s
    LEFT JOIN pipeline_payment p ON p.reference = s.refund_of
    LEFT JOIN first_lines f ON f.reference = s.refund_of AND p.id IS NULL
    WHERE s.refund_of <> '' AND NOT s.is_known
),
-- as insert_refunds.sql writes them: at the rate and with the VAT of their payment, whatever their own line says
running AS (
    SELECT *, went_before - sum(amount) OVER (PARTITION BY refund_of ORDER BY paid_on, line) AS gone FROM refunds
),
sums AS (
    SELECT amount_without_vat FROM first_lines WHERE refund_of = '' AND NOT is_known
    UNION ALL
    SELECT round(round((gone + amount) * currency_rate, 2) / (1 + vat_rate), 2) - round(round(gone * currency_rate, 2) / (1 + vat_rate), 2)
    FROM running
)
SELECT (SELECT count(*) FROM payment_staging),
       (SELECT count(*) FROM payment_staging) - (SELECT count(*) FROM first_lines WHERE NOT is_known),
       (SELECT coalesce(sum(amount_without_vat), 0) FROM sums)
