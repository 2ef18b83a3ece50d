-- The calls that are still to be named: one row each, numbered within the list of its caller.
CREATE TEMP TABLE cascade_slot ON COMMIT DROP AS
WITH
-- call days with the working day before each, by which its cards are due; the first day has none left
day AS (
    SELECT * FROM unnest(%(days)s::date[], %(card_days)s::date[]) AS d("on", card_on)
),
-- how many new companies a dial means: many dials go to companies that were called before
ratio AS (
    SELECT coalesce(sum(amount) FILTER (WHERE activity = 1)::numeric / nullif(sum(amount) FILTER (WHERE activity = 3), 0), 0.4) AS cards_per_dial
    FROM planning_funnelneed
    WHERE plan_id = %(plan)s
),
-- the list that each caller works through: of the own direction first, then the oldest
list_of AS (
    SELECT DISTINCT ON (m.employee_id) m.employee_id, m.call_list_id, l.direction_id
    FROM pipeline_calllistmember m
    JOIN pipeline_calllist l ON l.id = m.call_list_id AND l.is_active
    JOIN accounts_assignment a ON a.employee_id = m.employee_id AND a.valid @> %(first_day)s::date AND a.role = 'telesales'
    WHERE EXISTS (SELECT FROM pipeline_calllistentry e WHERE e.call_list_id = l.id AND e.state = 'waiting')
    ORDER BY m.employee_id, l.direction_id IS NOT DISTINCT FROM a.direction_id DESC, l.id
),
named AS (
    SELECT employee_id, "on", count(*) AS calls
    FROM planning_planneditem
    WHERE kind = 3 AND "on" >= %(first_day)s
    GROUP BY 1, 2
)
-- one row per call that is still to be named, numbered within its list: earlier days first, callers in turn
SELECT t.employee_id, t."on", day.card_on, list_of.call_list_id, list_of.direction_id,
       row_number() OVER (PARTITION BY list_of.call_list_id ORDER BY t."on", n, t.employee_id) AS place
FROM planning_dailytarget t
JOIN day ON day."on" = t."on"
JOIN list_of USING (employee_id)
CROSS JOIN ratio
LEFT JOIN named ON named.employee_id = t.employee_id AND named."on" = t."on"
CROSS JOIN LATERAL generate_series(1, ceil(t.amount * ratio.cards_per_dial)::int - coalesce(named.calls, 0)::int) AS n
WHERE t.activity = 3 AND t.plan_id = %(plan)s;
ANALYZE cascade_slot
