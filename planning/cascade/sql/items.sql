WITH
-- a company that stands in two lists is called once
chosen AS (
    SELECT DISTINCT ON (e.company_id) s.employee_id, s."on", s.card_on, s.direction_id, e.id AS entry_id, e.company_id
    FROM cascade_slot s
    JOIN cascade_entry e USING (call_list_id, place)
    ORDER BY e.company_id, s."on", s.employee_id
),
call AS (
    INSERT INTO planning_planneditem (plan_id, employee_id, "on", kind, company_id, entry_id, direction_id)
    SELECT %(plan)s, employee_id, "on", 3, company_id, entry_id, direction_id FROM chosen ORDER BY employee_id, "on", entry_id
    RETURNING id, employee_id, "on", company_id, direction_id
),
-- calls to companies that we know nothing fresh about, and whose caller has an assistant on the day of the card
unknown AS (
    SELECT call.*, chosen.card_on, pair.assistant_id
    FROM call
    JOIN chosen ON chosen.company_id = call.company_id AND chosen.card_on IS NOT NULL
    JOIN accounts_pair pair ON pair.telesales_id = call.employee_id AND pair.valid @> chosen.card_on
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
