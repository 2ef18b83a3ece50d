WITH
-- agreed amounts of sellers; somebody who changed direction has both parts
planned AS (
    SELECT n.employee_id, a.month, sum(a.amount) AS amount
    FROM planning_planamount a
    JOIN planning_plannode n ON n.id = a.node_id AND n.level = 2
    JOIN planning_yearplan p ON p.id = n.plan_id AND p.status = 'agreed'
    WHERE a.month >= %(first)s AND a.month < %(until)s
      AND (%(employees)s::bigint[] IS NULL OR n.employee_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
-- payments of the seller's contracts
collected AS (
    SELECT c.seller_id AS employee_id, date_trunc('month', p.paid_on)::date AS month, sum(p.amount_without_vat) AS amount
    FROM pipeline_payment p
    JOIN pipeline_contract c ON c.id = p.contract_id
    WHERE p.paid_on >= %(first)s AND p.paid_on < %(until)s AND c.seller_id IS NOT NULL
      AND (%(employees)s::bigint[] IS NULL OR c.seller_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
)
SELECT employee_id, month, coalesce(planned.amount, 0.00) AS planned, coalesce(collected.amount, 0.00) AS collected
FROM planned
FULL JOIN collected USING (employee_id, month)
ORDER BY month, employee_id
