-- Every date of the horizon with its hours and the hours up to and including it.
CREATE TEMP TABLE cascade_day ON COMMIT DROP AS
SELECT d."on", date_trunc('month', d."on")::date AS month, d.hours, sum(d.hours) OVER (ORDER BY d."on")::int AS running
FROM unnest(%(days)s::date[], %(hours)s::int[]) AS d("on", hours);
ANALYZE cascade_day
