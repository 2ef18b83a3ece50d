-- The next entries of each list that nobody is named for yet, as many as there are calls to name.
CREATE TEMP TABLE cascade_entry ON COMMIT DROP AS
WITH
wanted AS (
    SELECT call_list_id, count(*) AS calls FROM cascade_slot GROUP BY 1
)
SELECT w.call_list_id, e.id, e.company_id, row_number() OVER (PARTITION BY w.call_list_id ORDER BY e.priority, e.id) AS place
FROM wanted w
CROSS JOIN LATERAL (
    SELECT c.id, c.company_id, c.priority
    FROM pipeline_calllistentry c
    WHERE c.call_list_id = w.call_list_id AND c.state = 'waiting' AND c.reserved_for_id IS NULL
      AND NOT EXISTS (SELECT FROM planning_planneditem i WHERE i.company_id = c.company_id AND i.kind = 3 AND i."on" >= %(today)s)
    ORDER BY c.priority, c.id
    LIMIT w.calls
) AS e;
ANALYZE cascade_entry
