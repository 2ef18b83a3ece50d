-- Calls to companies that we know nothing fresh about, and whose caller has an assistant on the day of the card.
CREATE TEMP TABLE cascade_card ON COMMIT DROP AS
SELECT nextval('pipeline_task_id_seq') AS task_id, c.id AS call_id, c.employee_id AS author_id, p.assistant_id, c.card_on, c.company_id,
       c.direction_id
FROM cascade_call c
JOIN accounts_pair p ON p.telesales_id = c.employee_id AND p.valid @> c.card_on
WHERE NOT EXISTS (SELECT FROM pipeline_researchcard r WHERE r.company_id = c.company_id
                  AND r.prepared_on > c."on" - make_interval(months => %(fresh_months)s))
  AND NOT EXISTS (SELECT FROM pipeline_task t WHERE t.company_id = c.company_id AND t.kind = 'research'
                  AND t.status IN ('open', 'in_progress'));
ANALYZE cascade_card
