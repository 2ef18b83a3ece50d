-- Hours of each person per role, direction and month: of the whole month, which decides the share of its work, and of the
-- days from `from_on`, over which what is left is spread. Hours of a stretch are the running hours at its ends.
CREATE TEMP TABLE cascade_seat ON COMMIT DROP AS
WITH
month AS (
    SELECT month AS first, (month + interval '1 month')::date AS next FROM cascade_day GROUP BY month
),
-- the dates of each month on which a person is there: [since, until)
stretch AS (
    SELECT a.employee_id, a.role, coalesce(a.direction_id, 0) AS direction_id, month.first AS month,
           greatest(coalesce(lower(a.valid), month.first), month.first) AS since,
           least(coalesce(upper(a.valid), month.next), coalesce(e.dismissed_on, month.next), month.next) AS until
    FROM accounts_assignment a
    JOIN accounts_employee e ON e.id = a.employee_id
    JOIN month ON a.valid && daterange(month.first, month.next)
    WHERE a.role IN ('seller', 'client_manager', 'vip_manager', 'telesales', 'assistant')
),
ends AS (
    SELECT s.employee_id, s.role, s.direction_id, s.month,
           first_day.running - first_day.hours AS running_since,
           next_day.running - next_day.hours AS running_next,
           last_day.running AS running_until,
           s.until > %(from_on)s::date AS is_left
    FROM stretch s
    JOIN cascade_day first_day ON first_day."on" = s.since
    JOIN cascade_day last_day ON last_day."on" = s.until - 1
    JOIN cascade_day next_day ON next_day."on" = greatest(s.since, least(%(from_on)s::date, s.until - 1))
    WHERE s.since < s.until
)
SELECT employee_id, role, direction_id, month,
       sum(running_until - running_since)::int AS hours,
       min(running_next) FILTER (WHERE is_left) AS running_from,
       max(running_until) FILTER (WHERE is_left) AS running_to
FROM ends
GROUP BY employee_id, role, direction_id, month;

-- A person's days of a month in a role, over all directions; managers who carry a plan do a seller's work.
CREATE TEMP TABLE cascade_presence ON COMMIT DROP AS
SELECT employee_id, CASE WHEN role IN ('client_manager', 'vip_manager') THEN 'seller' ELSE role END AS role, month,
       sum(hours)::int AS hours, min(running_from) AS running_from, max(running_to) AS running_to,
       coalesce(max(running_to) - min(running_from), 0) AS hours_left
FROM cascade_seat
GROUP BY 1, 2, 3;
ANALYZE cascade_seat;
ANALYZE cascade_presence
