WITH
-- the version of each month: the one that was in force on its last day, else the first that was agreed; a version that is
-- agreed later does not change what a month that is over was measured against
version AS (
    SELECT DISTINCT ON (month.first) month.first::date AS month, p.id
    FROM generate_series(%(first)s::timestamp, %(until)s::timestamp - interval '1 day', interval '1 month') AS month(first)
    JOIN planning_yearplan p ON p.year = extract(year FROM month.first) AND p.status IN ('agreed', 'superseded')
    CROSS JOIN LATERAL (
        SELECT p.agreed_at < (month.first + interval '1 month') AT TIME ZONE %(zone)s AS in_time
    ) AS agreed
    ORDER BY month.first, in_time DESC, CASE WHEN in_time THEN p.agreed_at END DESC, CASE WHEN in_time THEN p.version END DESC,
             p.agreed_at, p.version
),
-- agreed amounts of sellers; somebody who changed direction has both parts
planned AS (
    SELECT n.employee_id, a.month, sum(a.amount) AS amount
    FROM version v
    JOIN planning_plannode n ON n.plan_id = v.id AND n.level = 2
    JOIN planning_planamount a ON a.node_id = n.id AND a.month = v.month
    WHERE %(employees)s::bigint[] IS NULL OR n.employee_id = ANY(%(employees)s::bigint[])
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
