-- Hours of each person per role, direction and month: of the whole month, which decides the share of its work, and of the
-- days from `from_on`, over which what is left is spread.
CREATE TEMP TABLE cascade_seat ON COMMIT DROP AS
SELECT a.employee_id, a.role, coalesce(a.direction_id, 0) AS direction_id, d.month,
       sum(d.hours)::int AS hours,
       coalesce(sum(d.hours) FILTER (WHERE d."on" >= %(from_on)s), 0)::int AS hours_left,
       min(d.running - d.hours) FILTER (WHERE d."on" >= %(from_on)s) AS running_from,
       max(d.running) FILTER (WHERE d."on" >= %(from_on)s) AS running_to
FROM accounts_assignment a
JOIN accounts_employee e ON e.id = a.employee_id
JOIN cascade_day d ON a.valid @> d."on" AND (e.dismissed_on IS NULL OR e.dismissed_on > d."on")
WHERE a.role IN ('seller', 'client_manager', 'vip_manager', 'telesales', 'assistant')
GROUP BY a.employee_id, a.role, a.direction_id, d.month;

-- A person's days of a month in a role, over all directions; managers who carry a plan do a seller's work.
CREATE TEMP TABLE cascade_presence ON COMMIT DROP AS
SELECT employee_id, CASE WHEN role IN ('client_manager', 'vip_manager') THEN 'seller' ELSE role END AS role, month,
       sum(hours)::int AS hours, min(running_from) AS running_from, max(running_to) AS running_to,
       coalesce(max(running_to) - min(running_from), 0) AS hours_left
FROM cascade_seat
GROUP BY 1, 2, 3;
ANALYZE cascade_seat;
ANALYZE cascade_presence
