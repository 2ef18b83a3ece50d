-- The days of each month's work: whole units in proportion to hours, the running total rounded up, so that they sum to
-- the month exactly: see planning.engine.norms.spread.
SELECT employee_id, "on", activity, (upto - before)::smallint AS amount, plan_id
FROM (
    SELECT r.employee_id, d."on", r.activity, r.plan_id,
           (r.amount::bigint * (p.before + d.running - p.running_from) + p.hours_left - 1) / p.hours_left AS upto,
           (r.amount::bigint * (p.before + d.running - d.hours - p.running_from) + p.hours_left - 1) / p.hours_left AS before
    FROM planning_roleneed r
    JOIN (VALUES (1, 'assistant'), (2, 'assistant'), (3, 'telesales'), (4, 'telesales'), (5, 'telesales'), (6, 'seller'), (7, 'seller'))
        AS work(activity, role) ON work.activity = r.activity
    JOIN cascade_left p ON p.employee_id = r.employee_id AND p.month = r.month AND p.role = work.role AND p.hours_left > 0
    JOIN cascade_day d ON d.month = r.month AND d.hours > 0 AND d.running > p.running_from AND d.running <= p.running_to
    WHERE r.plan_id = %(plan)s AND r.month >= %(first_month)s AND r.amount > 0
    -- computed once, not again for the filter
    OFFSET 0
) AS day
WHERE upto > before
