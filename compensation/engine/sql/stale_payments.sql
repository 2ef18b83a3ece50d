-- Payments to compute again, each with the month of its lines, except in months that are computed whole.
INSERT INTO run_payment (payment_id, month_on)
WITH named AS (
    SELECT key AS payment_id FROM run_mark WHERE kind = 'payment'
    UNION
    SELECT p.id
    FROM run_company c
    JOIN pipeline_payment p ON p.company_id = c.company_id AND p.paid_on >= c.from_on
    UNION
    SELECT p.id FROM run_mark m JOIN pipeline_payment p ON p.contract_id = m.key WHERE m.kind = 'contract'
    UNION
    SELECT p.id
    FROM run_mark m
    JOIN pipeline_contract c ON c.product_id = m.key
    JOIN pipeline_payment p ON p.contract_id = c.id
    WHERE m.kind = 'product'
),
refunded AS (
    -- what is credited as another payment was, changes with it
    SELECT payment_id FROM named
    UNION
    SELECT r.id FROM named n JOIN pipeline_payment r ON r.refund_of_id = n.payment_id
)
SELECT p.id, date_trunc('month', p.paid_on)::date
FROM refunded
JOIN pipeline_payment p ON p.id = refunded.payment_id
WHERE p.paid_on < %(end)s AND NOT EXISTS (SELECT FROM run_month m WHERE m.month_on = date_trunc('month', p.paid_on)::date)
