WITH
-- payments by the seller of the contract
collected AS (
    SELECT c.seller_id AS employee_id, sum(p.amount_without_vat) AS amount
    FROM pipeline_payment p
    JOIN pipeline_contract c ON c.id = p.contract_id
    WHERE p.paid_on >= %(since)s AND p.paid_on < %(until)s AND c.seller_id IS NOT NULL
    GROUP BY 1
),
-- months of the window since the hiring, at most the whole window
tenure AS (
    SELECT id AS employee_id, age(%(until)s::date, least(greatest(hired_on, %(since)s::date), %(until)s::date)) AS worked
    FROM accounts_employee
)
SELECT t.employee_id,
       coalesce(c.amount, 0.00) AS amount,
       (extract(year FROM t.worked) * 12 + extract(month FROM t.worked))::int AS months
FROM tenure t
LEFT JOIN collected c USING (employee_id)
