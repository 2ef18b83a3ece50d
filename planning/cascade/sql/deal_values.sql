-- What deals won in [since, basis) bring in their first year, by seller. For a deal younger than a year, its contract tells
-- what is still to come.
WITH
won AS (
    SELECT d.id, d.seller_id, d.closed_on, d.amount, c.id AS contract_id, c.amount AS contract_amount
    FROM pipeline_deal d
    LEFT JOIN pipeline_contract c ON c.deal_id = d.id
    WHERE d.status = 'won' AND d.closed_on >= %(since)s AND d.closed_on < %(basis)s
),
first_year AS (
    SELECT w.id, sum(p.amount_without_vat) AS paid
    FROM won w
    JOIN pipeline_payment p ON p.contract_id = w.contract_id
    WHERE p.paid_on < least(w.closed_on + 365, %(basis)s::date)
    GROUP BY w.id
)
SELECT w.seller_id,
       count(*) AS deals,
       sum(CASE WHEN w.closed_on + 365 <= %(basis)s::date THEN coalesce(f.paid, 0)
                ELSE greatest(coalesce(f.paid, 0), coalesce(w.contract_amount, w.amount)) END) AS amount
FROM won w
LEFT JOIN first_year f ON f.id = w.id
GROUP BY w.seller_id
