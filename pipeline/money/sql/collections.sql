WITH
-- payments of the span with whose they are: the seller of the contract, the direction of the client, else the seller's on that day
attributed AS (
    SELECT date_trunc('month', p.paid_on)::date AS month, c.seller_id AS employee_id,
           coalesce(k.direction_id, a.direction_id) AS direction_id, p.amount_without_vat AS amount
    FROM pipeline_payment p
    JOIN pipeline_contract c ON c.id = p.contract_id
    JOIN pipeline_company k ON k.id = p.company_id
    LEFT JOIN accounts_assignment a ON a.employee_id = c.seller_id AND a.valid @> p.paid_on
    WHERE p.paid_on >= %(start)s AND p.paid_on < %(end)s
)
SELECT month, direction_id, employee_id, sum(amount) AS amount, count(*) AS payments
FROM attributed
GROUP BY month, direction_id, employee_id
ORDER BY month, direction_id NULLS LAST, employee_id NULLS LAST
