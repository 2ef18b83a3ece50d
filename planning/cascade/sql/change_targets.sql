-- Bring the days from `from_on` to what was computed, touching only rows that differ.
WITH
gone AS (
    DELETE FROM planning_dailytarget t
    WHERE t."on" >= %(from_on)s AND t."on" < %(until)s
      AND NOT EXISTS (SELECT FROM cascade_target f WHERE f.employee_id = t.employee_id AND f."on" = t."on" AND f.activity = t.activity)
    RETURNING 1
),
written AS (
    INSERT INTO planning_dailytarget AS t (employee_id, "on", activity, amount, plan_id)
    SELECT employee_id, "on", activity, amount, plan_id FROM cascade_target
    ON CONFLICT (employee_id, "on", activity) DO UPDATE SET amount = excluded.amount, plan_id = excluded.plan_id
    WHERE (t.amount, t.plan_id) IS DISTINCT FROM (excluded.amount, excluded.plan_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
