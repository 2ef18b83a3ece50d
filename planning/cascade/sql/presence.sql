-- Hours of each person per role, direction and month: of the whole month, which decides the share of its work, and of the
-- days from `from_on`, over which what is left is spread. Hours of a stretch are the running hours at its ends; `running_next`
-- is where its days from `from_on` begin.
CREATE TEMP TABLE cascade_stretch ON COMMIT DROP AS
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
)
SELECT s.employee_id, s.role, CASE WHEN s.role IN ('client_manager', 'vip_manager') THEN 'seller' ELSE s.role END AS work_role,
       s.direction_id, s.month,
       first_day.running - first_day.hours AS running_since,
       next_day.running - next_day.hours AS running_next,
       last_day.running AS running_until,
       s.until > %(from_on)s::date AS is_left
FROM stretch s
JOIN cascade_day first_day ON first_day."on" = s.since
JOIN cascade_day last_day ON last_day."on" = s.until - 1
JOIN cascade_day next_day ON next_day."on" = greatest(s.since, least(%(from_on)s::date, s.until - 1))
WHERE s.since < s.until;

-- A person's hours of a month in a role and direction; `is_left`: there on any of the days from `from_on`, a day off or not.
CREATE TEMP TABLE cascade_seat ON COMMIT DROP AS
SELECT employee_id, role, direction_id, month, sum(running_until - running_since)::int AS hours, bool_or(is_left) AS is_left
FROM cascade_stretch
GROUP BY employee_id, role, direction_id, month;

-- The stretches over which what is left is spread, one after the other: somebody may do other work between two of them. `before`
-- are the hours of the earlier ones. Managers who carry a plan do a seller's work.
CREATE TEMP TABLE cascade_left ON COMMIT DROP AS
SELECT employee_id, work_role AS role, month, running_next AS running_from, running_until AS running_to,
       coalesce(sum(running_until - running_next) OVER (
           person ORDER BY running_next, running_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int AS before,
       (sum(running_until - running_next) OVER person)::int AS hours_left
FROM cascade_stretch
WHERE is_left
WINDOW person AS (PARTITION BY employee_id, work_role, month);

-- A person's days of a month in a role, over all directions.
CREATE TEMP TABLE cascade_presence ON COMMIT DROP AS
SELECT employee_id, work_role AS role, month, sum(running_until - running_since)::int AS hours,
       coalesce(sum(running_until - running_next) FILTER (WHERE is_left), 0)::int AS hours_left, bool_or(is_left) AS is_left
FROM cascade_stretch
GROUP BY 1, 2, 3;
ANALYZE cascade_seat;
ANALYZE cascade_left;
ANALYZE cascade_presence
