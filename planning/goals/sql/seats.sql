WITH
-- months of the plan's year
month AS (
    SELECT generate_series(make_date(%(year)s, 1, 1), make_date(%(year)s, 12, 1), interval '1 month')::date AS first
),
-- who has collected anything lately: a manager who only serves clients carries no plan of payments
paid AS (
    SELECT DISTINCT c.seller_id
    FROM pipeline_contract c
    JOIN pipeline_payment p ON p.contract_id = c.id
    WHERE p.paid_on >= %(since)s
)
SELECT a.employee_id, a.direction_id, month.first, e.hired_on
FROM month
JOIN accounts_assignment a ON a.valid @> (month.first + interval '1 month - 1 day')::date
JOIN accounts_employee e ON e.id = a.employee_id
WHERE (a.role = 'seller' OR (a.role IN ('client_manager', 'vip_manager') AND a.employee_id IN (SELECT seller_id FROM paid)))
  AND (e.dismissed_on IS NULL OR e.dismissed_on > (month.first + interval '1 month - 1 day')::date)
ORDER BY month.first, a.employee_id
