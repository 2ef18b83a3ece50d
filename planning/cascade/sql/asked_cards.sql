-- Calls to companies that we know nothing fresh about, with who prepares the card: the assistant of the caller who stands as one on
-- the day of the card, else the assistant of that day with the least to prepare.
CREATE TEMP TABLE cascade_card ON COMMIT DROP AS
WITH
asked AS (
    SELECT c.id AS call_id, c.employee_id AS author_id, c.card_on, c.company_id, c.direction_id
    FROM cascade_call c
    WHERE c.card_on IS NOT NULL
      AND NOT EXISTS (SELECT FROM pipeline_researchcard r WHERE r.company_id = c.company_id
                      AND r.prepared_on > c."on" - make_interval(months => %(fresh_months)s))
      -- a card that somebody prepares already; who is gone prepares none
      AND NOT EXISTS (SELECT FROM pipeline_task t JOIN accounts_employee e ON e.id = t.assignee_id
                      WHERE t.company_id = c.company_id AND t.kind = 'research' AND t.status IN ('open', 'in_progress')
                        AND (e.dismissed_on IS NULL OR e.dismissed_on > c.card_on))
),
there AS (
    SELECT day.card_on, a.employee_id
    FROM (SELECT DISTINCT card_on FROM asked) AS day
    JOIN accounts_assignment a ON a.role = 'assistant' AND a.valid @> day.card_on
    JOIN accounts_employee e ON e.id = a.employee_id AND (e.dismissed_on IS NULL OR e.dismissed_on > day.card_on)
),
paired AS (
    SELECT asked.*, there.employee_id AS assistant_id
    FROM asked
    LEFT JOIN accounts_pair p ON p.telesales_id = asked.author_id AND p.valid @> asked.card_on
    LEFT JOIN there ON there.card_on = asked.card_on AND there.employee_id = p.assistant_id
),
-- what each has to prepare up to that day
loaded AS (
    SELECT there.card_on, there.employee_id, coalesce(open.tasks, 0) + coalesce(own.cards, 0) AS cards
    FROM there
    LEFT JOIN (SELECT there.card_on, there.employee_id, count(*) AS tasks
               FROM pipeline_task t
               JOIN there ON there.employee_id = t.assignee_id AND t.due_on <= there.card_on
               WHERE t.kind = 'research' AND t.status IN ('open', 'in_progress')
               GROUP BY 1, 2) AS open USING (card_on, employee_id)
    LEFT JOIN (SELECT card_on, assistant_id AS employee_id, count(*) AS cards FROM paired GROUP BY 1, 2) AS own USING (card_on, employee_id)
),
-- cards of callers without an assistant, numbered by day
orphan AS (
    SELECT call_id, card_on, row_number() OVER (PARTITION BY card_on ORDER BY author_id, call_id) AS place,
           count(*) OVER (PARTITION BY card_on) AS cards
    FROM paired
    WHERE assistant_id IS NULL
),
-- and who takes the first, the second and so on: always who has the least by then
slot AS (
    SELECT l.card_on, l.employee_id, row_number() OVER (PARTITION BY l.card_on ORDER BY l.cards + n, l.employee_id) AS place
    FROM (SELECT *, max(cards) OVER (PARTITION BY card_on) AS most, count(*) OVER (PARTITION BY card_on) AS people FROM loaded) AS l
    JOIN (SELECT DISTINCT card_on, cards AS orphans FROM orphan) AS o USING (card_on)
    CROSS JOIN LATERAL generate_series(1, (o.orphans + l.people - 1) / l.people + l.most - l.cards) AS n
),
given AS (
    SELECT p.call_id, p.author_id, coalesce(p.assistant_id, slot.employee_id) AS assistant_id, p.card_on, p.company_id, p.direction_id
    FROM paired p
    LEFT JOIN orphan USING (call_id, card_on)
    LEFT JOIN slot ON slot.card_on = orphan.card_on AND slot.place = orphan.place
)
SELECT nextval('pipeline_task_id_seq') AS task_id, given.*, coalesce(named.title, %(title)s) AS title
FROM given
JOIN accounts_employee e ON e.id = given.assistant_id
LEFT JOIN accounts_user u ON u.id = e.user_id
LEFT JOIN unnest(%(languages)s::text[], %(titles)s::text[]) AS named(language, title) ON named.language = u.language;
ANALYZE cascade_card
