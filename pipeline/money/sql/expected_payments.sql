WITH
-- what is still owed on contracts, in the month in which it falls due; what is overdue falls into the first month
owed AS (
    SELECT c.seller_id AS employee_id, k.direction_id,
           greatest(date_trunc('month', coalesce(c.due_on, c.signed_on + %(usual_days)s))::date, %(first)s) AS month,
           c.amount - c.paid_amount AS amount
    FROM pipeline_contract c
    JOIN pipeline_company k ON k.id = c.company_id
    WHERE c.amount > c.paid_amount
)
SELECT month, direction_id, employee_id, sum(amount) AS amount, count(*) AS contracts
FROM owed
WHERE month <= %(last)s
GROUP BY month, direction_id, employee_id
ORDER BY month, direction_id NULLS LAST, employee_id NULLS LAST
