-- Dials, conversations and warm contacts of [since, basis) by the direction of the caller (0: serves all).
WITH
counted AS (
    SELECT employee_id,
           count(*) AS dials,
           count(*) FILTER (WHERE outcome IN ('call_back', 'refused', 'information', 'warm', 'meeting')) AS conversations,
           count(*) FILTER (WHERE outcome IN ('warm', 'meeting')) AS warm_contacts
    FROM pipeline_call
    WHERE called_on >= %(since)s AND called_on < %(basis)s
    GROUP BY employee_id
),
-- where the caller stands at the end of the window, or stood last
place AS (
    SELECT DISTINCT ON (employee_id) employee_id, coalesce(direction_id, 0) AS direction_id
    FROM accounts_assignment
    WHERE lower(valid) < %(basis)s
    ORDER BY employee_id, valid DESC
)
SELECT coalesce(direction_id, 0), sum(dials)::bigint, sum(conversations)::bigint, sum(warm_contacts)::bigint
FROM counted
LEFT JOIN place USING (employee_id)
GROUP BY 1
