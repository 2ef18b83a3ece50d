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
),
-- one row per call that is still to be named, numbered within its list: earlier days first, callers in turn
slot AS (
    SELECT t.employee_id, t."on", day.card_on, list_of.call_list_id, list_of.direction_id,
           row_number() OVER (PARTITION BY list_of.call_list_id ORDER BY t."on", n, t.employee_id) AS place
    FROM planning_dailytarget t
    JOIN day ON day."on" = t."on"
    JOIN list_of USING (employee_id)
    CROSS JOIN ratio
    LEFT JOIN named ON named.employee_id = t.employee_id AND named."on" = t."on"
    CROSS JOIN LATERAL generate_series(1, ceil(t.amount * ratio.cards_per_dial)::int - coalesce(named.calls, 0)::int) AS n
    WHERE t.activity = 3 AND t.plan_id = %(plan)s
),
wanted AS (
    SELECT call_list_id, count(*) AS calls FROM slot GROUP BY 1
),
-- the next entries of each list that nobody is named for yet
entry AS (
    SELECT w.call_list_id, e.id, e.company_id, row_number() OVER (PARTITION BY w.call_list_id ORDER BY e.priority, e.id) AS place
    FROM wanted w
    CROSS JOIN LATERAL (
        SELECT c.id, c.company_id, c.priority
        FROM pipeline_calllistentry c
        WHERE c.call_list_id = w.call_list_id AND c.state = 'waiting' AND c.reserved_for_id IS NULL
          AND NOT EXISTS (SELECT FROM planning_planneditem i WHERE i.company_id = c.company_id AND i.kind = 3 AND i."on" >= %(first_day)s)
        ORDER BY c.priority, c.id
        LIMIT w.calls
    ) AS e
),
-- a company that stands in two lists is called once
chosen AS (
    SELECT DISTINCT ON (e.company_id) s.employee_id, s."on", s.card_on, s.direction_id, e.id AS entry_id, e.company_id
    FROM slot s
    JOIN entry e USING (call_list_id, place)
    ORDER BY e.company_id, s."on", s.employee_id
),
call AS (
    INSERT INTO planning_planneditem (plan_id, employee_id, "on", kind, company_id, entry_id, direction_id)
    SELECT %(plan)s, employee_id, "on", 3, company_id, entry_id, direction_id FROM chosen ORDER BY employee_id, "on", entry_id
    RETURNING id, employee_id, "on", company_id, direction_id
),
-- calls to companies that we know nothing fresh about, and whose caller has an assistant on the day of the card
unknown AS (
    SELECT call.*, day.card_on, pair.assistant_id
    FROM call
    JOIN day ON day."on" = call."on" AND day.card_on IS NOT NULL
    JOIN accounts_pair pair ON pair.telesales_id = call.employee_id AND pair.valid @> day.card_on
    WHERE NOT EXISTS (SELECT FROM pipeline_researchcard r WHERE r.company_id = call.company_id
                      AND r.prepared_on > call."on" - make_interval(months => %(fresh_months)s))
      AND NOT EXISTS (SELECT FROM pipeline_task t WHERE t.company_id = call.company_id AND t.kind = 'research'
                      AND t.status IN ('open', 'in_progress'))
),
task AS (
    INSERT INTO pipeline_task (kind, title, request, result, status, author_id, assignee_id, company_id, due_on, is_urgent, created_at, updated_at)
    SELECT 'research', left(%(title)s || ': ' || c.name, 300), '', '', 'open', u.employee_id, u.assistant_id, u.company_id, u.card_on, false, now(), now()
    FROM unknown u
    JOIN pipeline_company c ON c.id = u.company_id
    RETURNING id, company_id
),
card AS (
    INSERT INTO planning_planneditem (plan_id, employee_id, "on", kind, company_id, task_id, serves_id, direction_id)
    SELECT %(plan)s, u.assistant_id, u.card_on, 1, u.company_id, task.id, u.id, u.direction_id
    FROM unknown u
    JOIN task USING (company_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM call) AS calls, (SELECT count(*) FROM card) AS cards
