-- What parts of plans have collected: a seller's part the payments of the months that stand there, a direction those of its
-- sellers, the company all of the year, under contracts without a seller, too.
WITH
asked AS (
    SELECT n.id, n.level, n.plan_id, p.year
    FROM planning_plannode n
    JOIN planning_yearplan p ON p.id = n.plan_id
    WHERE n.id = ANY(%(nodes)s::bigint[])
),
-- the part at which each month of a seller stands: of several the one with the largest amount, see home_months
home AS (
    SELECT DISTINCT ON (n.plan_id, n.employee_id, a.month) n.id, n.parent_id, n.employee_id, a.month
    FROM planning_plannode n
    JOIN planning_planamount a ON a.node_id = n.id
    WHERE n.level = 2 AND n.plan_id IN (SELECT plan_id FROM asked)
    ORDER BY n.plan_id, n.employee_id, a.month, a.amount DESC, n.id
),
paid AS (
    SELECT c.seller_id AS employee_id, date_trunc('month', p.paid_on)::date AS month, sum(p.amount_without_vat) AS amount
    FROM pipeline_payment p
    JOIN pipeline_contract c ON c.id = p.contract_id
    WHERE p.paid_on >= (SELECT make_date(min(year), 1, 1) FROM asked) AND p.paid_on < (SELECT make_date(max(year) + 1, 1, 1) FROM asked)
      AND (EXISTS (SELECT FROM asked WHERE level = 0)
           OR c.seller_id IN (SELECT employee_id FROM home
                              WHERE id = ANY(%(nodes)s::bigint[]) OR parent_id = ANY(%(nodes)s::bigint[])))
    GROUP BY 1, 2
),
placed AS (
    SELECT home.id, home.parent_id, paid.amount FROM home JOIN paid USING (employee_id, month)
)
SELECT asked.id, sum(placed.amount) FROM asked JOIN placed ON placed.id = asked.id WHERE asked.level = 2 GROUP BY 1
UNION ALL
SELECT asked.id, sum(placed.amount) FROM asked JOIN placed ON placed.parent_id = asked.id WHERE asked.level = 1 GROUP BY 1
UNION ALL
SELECT asked.id, sum(paid.amount) FROM asked JOIN paid ON extract(year FROM paid.month) = asked.year WHERE asked.level = 0 GROUP BY 1
