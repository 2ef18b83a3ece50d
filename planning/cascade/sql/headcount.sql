-- Units of each role's limiting work per direction (0: those who serve all others, or the whole company) and month, and who is there
-- for it; who left within the first month is not.
WITH
asked AS (
    SELECT coalesce(direction_id, 0) AS direction_id, month, activity, sum(amount)::bigint AS units
    FROM planning_funnelneed
    WHERE plan_id = %(plan)s AND month >= %(first_month)s AND activity IN (1, 3, 6)
    GROUP BY 1, 2, 3
),
-- managers who carry a part of the plan do a seller's work
there AS (
    SELECT CASE WHEN role = 'telesales' THEN role ELSE 'seller' END AS role, direction_id, month,
           count(DISTINCT employee_id) FILTER (WHERE is_left) AS people
    FROM cascade_seat s
    WHERE hours > 0
      AND (role IN ('telesales', 'seller')
           OR role IN ('client_manager', 'vip_manager')
              AND EXISTS (SELECT FROM planning_sellermonth m WHERE m.plan_id = %(plan)s AND m.employee_id = s.employee_id AND m.month = s.month))
    GROUP BY 1, 2, 3
),
-- months in which nobody serves those directions in particular: all telesales share their calls, so the need of the whole company
-- stands beside all of them
together AS (
    SELECT s.month, count(DISTINCT s.employee_id) FILTER (WHERE s.is_left) AS people,
           (SELECT sum(a.units) FROM asked a WHERE a.activity = 3 AND a.month = s.month)::bigint AS units
    FROM cascade_seat s
    WHERE s.role = 'telesales' AND s.hours > 0
    GROUP BY s.month
    HAVING NOT bool_or(s.direction_id = 0)
),
-- a direction without telesales of its own is served by those without a direction
calls AS (
    SELECT CASE WHEN EXISTS (SELECT FROM there t WHERE t.role = 'telesales' AND t.direction_id = a.direction_id AND t.month = a.month)
                THEN a.direction_id ELSE 0 END AS direction_id, a.month, sum(a.units)::bigint AS units
    FROM asked a
    WHERE a.activity = 3
    GROUP BY 1, 2
)
SELECT 'telesales' AS role, c.direction_id, c.month, coalesce(w.units, c.units), coalesce(w.people, t.people, 0)
FROM calls c
LEFT JOIN together w ON w.month = c.month AND c.direction_id = 0
LEFT JOIN there t ON t.role = 'telesales' AND t.direction_id = c.direction_id AND t.month = c.month
UNION ALL
SELECT 'seller', a.direction_id, a.month, a.units, coalesce(t.people, 0)
FROM asked a
LEFT JOIN there t ON t.role = 'seller' AND t.direction_id = a.direction_id AND t.month = a.month
WHERE a.activity = 6
UNION ALL
SELECT 'assistant', 0, a.month, sum(a.units)::bigint,
       (SELECT count(*) FROM cascade_presence p WHERE p.role = 'assistant' AND p.hours > 0 AND p.is_left AND p.month = a.month)
FROM asked a
WHERE a.activity = 1
GROUP BY a.month
ORDER BY 1, 2, 3
