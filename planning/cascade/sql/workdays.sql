-- The company's working days of the horizon with their running hours.
CREATE TEMP TABLE cascade_day ON COMMIT DROP AS
SELECT d."on", date_trunc('month', d."on")::date AS month, d.hours, sum(d.hours) OVER (ORDER BY d."on")::int AS running
FROM unnest(%(days)s::date[], %(hours)s::int[]) AS d("on", hours)
WHERE d.hours > 0;
ANALYZE cascade_day
