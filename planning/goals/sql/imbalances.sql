WITH
-- what each node has in each month
own AS (
    SELECT n.id AS node_id, n.parent_id, n.level, a.month, a.amount
    FROM planning_plannode n
    JOIN planning_planamount a ON a.node_id = n.id
    WHERE n.plan_id = %(plan)s
),
-- what the children of each node have together
below AS (
    SELECT parent_id AS node_id, month, sum(amount) AS amount
    FROM own
    WHERE parent_id IS NOT NULL
    GROUP BY 1, 2
),
-- every node above the sellers must be carried by its children, in every month
lacking AS (
    SELECT own.node_id, own.month, own.amount - coalesce(below.amount, 0) AS gap
    FROM own
    LEFT JOIN below USING (node_id, month)
    WHERE own.level < 2
),
-- and the company's months must make the goal; told as of January
whole AS (
    SELECT n.id AS node_id, make_date(p.year, 1, 1) AS month,
           p.goal - coalesce((SELECT sum(amount) FROM planning_planamount a WHERE a.node_id = n.id), 0) AS gap
    FROM planning_yearplan p
    JOIN planning_plannode n ON n.plan_id = p.id AND n.level = 0
    WHERE p.id = %(plan)s
)
SELECT node_id, month, gap FROM lacking WHERE gap <> 0
UNION ALL
SELECT node_id, month, gap FROM whole WHERE gap <> 0
ORDER BY 1, 2
