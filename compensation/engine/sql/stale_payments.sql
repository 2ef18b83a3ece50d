-- Payments to compute again, each with the month of its lines, except in months that are computed whole.
INSERT INTO run_payment (payment_id, month_on)
WITH named AS (
    SELECT key AS payment_id FROM run_mark WHERE kind = 'payment'
    UNION
    SELECT p.id
    FROM run_company c
    JOIN pipeline_payment p ON p.company_id = c.company_id AND p.paid_on >= c.from_on
    UNION
    -- arrays, because a table that the database takes for empty would be joined row by row
    SELECT id FROM pipeline_payment
    WHERE contract_id = ANY (ARRAY(
        SELECT key FROM run_mark WHERE kind = 'contract'
        UNION
        SELECT id FROM pipeline_contract WHERE product_id = ANY (ARRAY(SELECT key FROM run_mark WHERE kind = 'product'))
    ))
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
