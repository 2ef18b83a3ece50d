WITH
-- each reference once: its first line stands for it
first_lines AS (
    SELECT DISTINCT ON (reference) * FROM payment_staging ORDER BY reference, line
),
-- what is recorded under the same reference, with the names that files use
recorded AS (
    SELECT s.line, s.reference, p.id, p.paid_on, p.amount, p.currency, p.currency_rate, p.vat_rate,
           c.number AS contract, coalesce(o.reference, '') AS refund_of
    FROM payment_staging s
    JOIN pipeline_payment p ON p.reference = s.reference
    JOIN pipeline_contract c ON c.id = p.contract_id
    LEFT JOIN pipeline_payment o ON o.id = p.refund_of_id
),
-- lines that say something else than what is recorded, one row per field
differing AS (
    SELECT s.line, d.field, d.value, 'reference_taken' AS code, d.was
    FROM payment_staging s
    JOIN recorded r ON r.line = s.line
    CROSS JOIN LATERAL (VALUES
        ('contract', s.contract, r.contract, s.contract = r.contract),
        ('paid_on', s.paid_on::text, r.paid_on::text, s.paid_on = r.paid_on),
        ('amount', s.amount::text, r.amount::text, s.amount = r.amount),
        ('currency', s.currency, r.currency, NOT s.is_currency_given OR s.currency = r.currency),
        ('currency_rate', s.currency_rate::text, r.currency_rate::text, NOT s.is_rate_given OR s.currency_rate = r.currency_rate),
        ('vat_rate', s.vat_rate::text, r.vat_rate::text, NOT s.is_vat_given OR s.vat_rate = r.vat_rate),
        ('refund_of', s.refund_of, r.refund_of, s.refund_of = r.refund_of)
    ) AS d (field, value, was, is_same)
    WHERE NOT d.is_same
),
-- lines that repeat a reference of the file with other content
repeated AS (
    SELECT s.line, 'reference' AS field, s.reference AS value, 'reference_twice' AS code, f.line::text AS was
    FROM payment_staging s
    JOIN first_lines f ON f.reference = s.reference AND f.line < s.line
    WHERE (s.contract, s.paid_on, s.amount, s.currency, s.currency_rate, s.vat_rate, s.refund_of)
          IS DISTINCT FROM (f.contract, f.paid_on, f.amount, f.currency, f.currency_rate, f.vat_rate, f.refund_of)
),
-- lines whose contract nobody knows
unknown_contracts AS (
    SELECT s.line, 'contract' AS field, s.contract AS value, 'unknown_contract' AS code, '' AS was
    FROM payment_staging s
    WHERE NOT EXISTS (SELECT FROM pipeline_contract c WHERE c.number = s.contract)
),
-- refunds that are not recorded yet, with the payment that they give back: recorded, else from the same file
refunds AS (
    SELECT s.line, s.reference, s.contract, s.paid_on, s.amount, s.currency, s.is_currency_given, s.refund_of,
           coalesce(p.amount, f.amount) AS paid, coalesce(p.paid_on, f.paid_on) AS came_on,
           coalesce(p.currency, f.currency) AS paid_currency, coalesce(c.number, f.contract) AS paid_contract,
           coalesce((SELECT -sum(r.amount) FROM pipeline_payment r WHERE r.refund_of_id = p.id), 0) AS went_before
    FROM first_lines s
    LEFT JOIN pipeline_payment p ON p.reference = s.refund_of
    LEFT JOIN pipeline_contract c ON c.id = p.contract_id
    LEFT JOIN first_lines f ON f.reference = s.refund_of AND p.id IS NULL
    WHERE s.refund_of <> '' AND NOT EXISTS (SELECT FROM recorded k WHERE k.line = s.line)
),
-- what has gone back up to each refund that is right otherwise, in the order of the dates
running AS (
    SELECT line, amount, paid, paid - went_before + sum(amount) OVER (PARTITION BY refund_of ORDER BY paid_on, line) AS left_over
    FROM refunds
    WHERE paid > 0 AND contract = paid_contract AND paid_on >= came_on AND NOT (is_currency_given AND currency <> paid_currency)
),
refund_faults AS (
    SELECT line, 'refund_of' AS field, refund_of AS value, 'unknown_payment' AS code, '' AS was FROM refunds WHERE paid IS NULL
    UNION ALL
    SELECT line, 'refund_of', refund_of, 'refund_of_refund', '' FROM refunds WHERE paid < 0
    UNION ALL
    SELECT line, 'contract', contract, 'refund_contract', paid_contract FROM refunds WHERE contract <> paid_contract
    UNION ALL
    SELECT line, 'paid_on', paid_on::text, 'refund_too_early', came_on::text FROM refunds WHERE paid_on < came_on
    UNION ALL
    SELECT line, 'currency', currency, 'refund_currency', paid_currency FROM refunds WHERE is_currency_given AND currency <> paid_currency
    UNION ALL
    SELECT line, 'amount', amount::text, 'refund_too_large', (left_over - amount)::text FROM running WHERE left_over < 0
)
SELECT line, field, value, code, was FROM differing
UNION ALL SELECT line, field, value, code, was FROM repeated
UNION ALL SELECT line, field, value, code, was FROM unknown_contracts
UNION ALL SELECT line, field, value, code, was FROM refund_faults
ORDER BY line, field, code
