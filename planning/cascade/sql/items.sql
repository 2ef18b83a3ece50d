-- The named calls, the research tasks that they ask for, and the cards that link both.
INSERT INTO planning_planneditem (id, plan_id, employee_id, "on", kind, company_id, entry_id, direction_id)
SELECT id, %(plan)s, employee_id, "on", 3, company_id, entry_id, direction_id FROM cascade_call ORDER BY id;

INSERT INTO pipeline_task (id, kind, title, request, result, status, author_id, assignee_id, company_id, due_on, is_urgent, created_at,
                           updated_at)
SELECT a.task_id, 'research', left(a.title || ': ' || c.name, 300), '', '', 'open', a.author_id, a.assistant_id, a.company_id, a.card_on,
       false, now(), now()
FROM cascade_card a
JOIN pipeline_company c ON c.id = a.company_id
ORDER BY a.task_id;

INSERT INTO planning_planneditem (plan_id, employee_id, "on", kind, company_id, task_id, serves_id, direction_id)
SELECT %(plan)s, assistant_id, card_on, 1, company_id, task_id, call_id, direction_id FROM cascade_card ORDER BY task_id;

SELECT (SELECT count(*) FROM cascade_call) AS calls, (SELECT count(*) FROM cascade_card) AS cards
