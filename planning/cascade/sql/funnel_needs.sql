-- Whole units of each activity per seller and month of work: see planning.engine.funnel.needs.
INSERT INTO planning_funnelneed (plan_id, employee_id, month, activity, direction_id, amount)
WITH
-- deals due before each month, and how many days it has
running AS (
    SELECT employee_id, month, deals,
           sum(deals) OVER (PARTITION BY employee_id ORDER BY month) - deals AS before,
           extract(day FROM month + interval '1 month - 1 day')::int AS days,
           max(month) OVER (PARTITION BY employee_id) AS last_month
    FROM planning_sellermonth
    WHERE plan_id = %(plan)s
),
last AS (
    SELECT DISTINCT employee_id, last_month FROM running
),
-- the day up to which payments are served by the work up to the end of a month
due AS (
    SELECT m.employee_id, m.activity, m.per_deal, w.month,
           (w.month + interval '1 month - 1 day')::date + m.lead_days AS due_on
    FROM planning_stagemeasure m
    CROSS JOIN unnest(%(work_months)s::date[]) AS w(month)
    WHERE m.plan_id = %(plan)s
),
-- units up to the end of each month, rounded up as a running total; the month before the first is only subtracted
total AS (
    SELECT due.employee_id, due.activity, due.month,
           ceil(round(due.per_deal * (r.before + CASE WHEN r.month = date_trunc('month', due.due_on)::date
               THEN round(r.deals * extract(day FROM due.due_on)::int / r.days, 9) ELSE r.deals END), 6))::bigint AS units
    FROM due
    JOIN last USING (employee_id)
    JOIN running r ON r.employee_id = due.employee_id AND r.month = least(date_trunc('month', due.due_on)::date, last.last_month)
),
monthly AS (
    SELECT employee_id, activity, month,
           units - coalesce(lag(units) OVER (PARTITION BY employee_id, activity ORDER BY month), 0) AS amount
    FROM total
)
SELECT %(plan)s, m.employee_id, m.month, m.activity, s.direction_id, m.amount
FROM monthly m
JOIN planning_sellermonth s ON s.plan_id = %(plan)s AND s.employee_id = m.employee_id AND s.month = m.month
WHERE m.amount > 0 AND m.month >= %(first_month)s
ORDER BY m.employee_id, m.month, m.activity
