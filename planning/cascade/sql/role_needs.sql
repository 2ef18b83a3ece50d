-- A month's work per employee: sellers do their own meetings and proposals, telesales share the calls of the directions
-- that they serve by hours, assistants prepare for the telesales people that they are paired with.
INSERT INTO planning_roleneed (employee_id, month, activity, plan_id, need, done, amount, returned, load)
WITH
-- which activity is whose work, and what a person is able to do in it
norm AS (
    SELECT * FROM unnest(%(norm_months)s::date[], %(norm_activities)s::smallint[], %(norm_roles)s::text[], %(norm_units)s::int[],
                         %(norm_shares)s::numeric[]) AS n(month, activity, role, per_day, availability)
),
asked AS (
    SELECT coalesce(direction_id, 0) AS direction_id, month, activity, sum(amount)::bigint AS amount
    FROM planning_funnelneed
    WHERE plan_id = %(plan)s AND month >= %(first_month)s AND activity BETWEEN 1 AND 5
    GROUP BY 1, 2, 3
),
seat AS (
    SELECT direction_id AS pool, employee_id, month, hours FROM cascade_seat WHERE role = 'telesales' AND hours > 0
),
-- who serves the directions without telesales of their own (0): those without a direction, and in a month without any all together
serving AS (
    SELECT pool, employee_id, month, hours FROM seat
    UNION ALL
    SELECT 0, employee_id, month, sum(hours)::int
    FROM seat s
    WHERE NOT EXISTS (SELECT FROM seat o WHERE o.pool = 0 AND o.month = s.month)
    GROUP BY employee_id, month
),
-- telesales of each direction, one after the other by running hours
caller AS (
    SELECT pool, employee_id, month, hours,
           sum(hours) OVER (PARTITION BY pool, month ORDER BY employee_id) AS running, sum(hours) OVER (PARTITION BY pool, month) AS whole
    FROM serving
),
pooled AS (
    SELECT CASE WHEN EXISTS (SELECT FROM caller c WHERE c.pool = a.direction_id AND c.month = a.month) THEN a.direction_id ELSE 0 END AS pool,
           a.month, a.activity, sum(a.amount)::bigint AS amount
    FROM asked a
    GROUP BY 1, 2, 3
),
-- each caller's share of the calls, and of the cards and letters that serve them
shared AS (
    SELECT c.employee_id, p.month, p.activity,
           (p.amount * c.running + c.whole - 1) / c.whole - (p.amount * (c.running - c.hours) + c.whole - 1) / c.whole AS amount
    FROM pooled p
    JOIN caller c USING (pool, month)
),
-- the assistant who is paired with a caller in a month and there to work
paired AS (
    SELECT DISTINCT ON (p.telesales_id, seat.month) p.telesales_id, seat.month, p.assistant_id
    FROM accounts_pair p
    JOIN cascade_presence seat ON seat.employee_id = p.assistant_id AND seat.role = 'assistant' AND seat.hours > 0
    WHERE p.valid && daterange(seat.month, (seat.month + interval '1 month')::date)
    ORDER BY p.telesales_id, seat.month, lower(p.valid) DESC
),
support AS (
    SELECT paired.assistant_id, s.month, s.activity, sum(s.amount)::bigint AS amount
    FROM shared s
    LEFT JOIN paired ON paired.telesales_id = s.employee_id AND paired.month = s.month
    WHERE s.activity IN (1, 2)
    GROUP BY 1, 2, 3
),
-- what nobody is paired for is shared by all assistants
helper AS (
    SELECT employee_id, month, hours,
           sum(hours) OVER (PARTITION BY month ORDER BY employee_id) AS running, sum(hours) OVER (PARTITION BY month) AS whole
    FROM cascade_presence
    WHERE role = 'assistant' AND hours > 0
),
need AS (
    SELECT employee_id, month, activity, sum(amount)::bigint AS need
    FROM (
        SELECT employee_id, month, activity, amount FROM planning_funnelneed
        WHERE plan_id = %(plan)s AND month >= %(first_month)s AND activity IN (6, 7)
        UNION ALL
        SELECT employee_id, month, activity, amount FROM shared WHERE activity IN (3, 4, 5)
        UNION ALL
        SELECT assistant_id, month, activity, amount FROM support WHERE assistant_id IS NOT NULL
        UNION ALL
        SELECT h.employee_id, s.month, s.activity,
               (s.amount * h.running + h.whole - 1) / h.whole - (s.amount * (h.running - h.hours) + h.whole - 1) / h.whole
        FROM support s
        JOIN helper h USING (month)
        WHERE s.assistant_id IS NULL
    ) AS every
    GROUP BY 1, 2, 3
),
done AS (
    SELECT * FROM unnest(%(done_employees)s::bigint[], %(done_activities)s::smallint[], %(done_amounts)s::bigint[])
        AS d(employee_id, activity, amount)
),
-- what is left of the month, and what the person is able to do in the days that are left
rest AS (
    SELECT n.employee_id, n.month, n.activity, n.need, coalesce(d.amount, 0) AS done,
           greatest(n.need - coalesce(d.amount, 0), 0) AS remaining,
           norm.per_day * coalesce(p.hours_left, 0) * norm.availability / 8 AS able,
           -- dismissed, moved or not begun: no day of theirs is left in the month, not even a holiday
           p.is_left IS NOT TRUE AS is_absent
    FROM need n
    JOIN norm USING (month, activity)
    LEFT JOIN cascade_presence p ON p.employee_id = n.employee_id AND p.month = n.month AND p.role = norm.role
    LEFT JOIN done d ON d.employee_id = n.employee_id AND d.activity = n.activity AND n.month = %(first_month)s
),
given AS (
    SELECT *, least(remaining, floor(able * 120 / 100))::bigint AS amount FROM rest WHERE need > 0
)
SELECT employee_id, month, activity, %(plan)s, need, done, amount, remaining - amount,
       CASE WHEN remaining = 0 OR is_absent THEN 0 WHEN able = 0 THEN 999.99 ELSE least(round(remaining / able, 2), 999.99) END
FROM given
ORDER BY employee_id, month, activity
