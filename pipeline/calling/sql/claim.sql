-- The next company for one caller. A single statement: whoever it locks, nobody else gets, and nobody waits for anybody.
WITH RECURSIVE
-- what the caller has in hand is given again
held AS (
    SELECT id FROM pipeline_calllistentry WHERE claimed_by_id = %(caller)s AND state = 'claimed'
),
-- call-backs that the caller promised: the agreed time counts, whatever the hour there; one that was missed waits for morning
promised AS (
    SELECT id FROM pipeline_calllistentry
    WHERE reserved_for_id = %(caller)s AND state = 'waiting' AND not_before <= %(now)s
      AND (not_before > %(missed)s OR time_zone = ANY(%(open_zones)s))
    ORDER BY not_before, id LIMIT 1
    FOR UPDATE SKIP LOCKED
),
lists AS (
    SELECT l.id FROM pipeline_calllistmember m JOIN pipeline_calllist l ON l.id = m.call_list_id
    WHERE m.employee_id = %(caller)s AND l.is_active
),
-- companies that were tried and did not answer, once their time has come
again AS (
    SELECT chosen.id FROM lists CROSS JOIN LATERAL (
        SELECT e.id FROM pipeline_calllistentry e
        WHERE e.call_list_id = lists.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before <= %(now)s
          AND e.time_zone = ANY(%(open_zones)s)
          AND NOT EXISTS (
              SELECT FROM pipeline_calllistentry o WHERE o.company_id = e.company_id AND o.id <> e.id
                AND (o.state = 'claimed' OR o.state = 'waiting' AND o.reserved_for_id <> %(caller)s))
        ORDER BY e.not_before, e.id LIMIT 1
        FOR UPDATE SKIP LOCKED
    ) chosen LIMIT 1
),
-- the first untouched entry of each list and time zone: one step through the index for each
tops AS (
    SELECT lists.id AS list_id, first.* FROM lists CROSS JOIN LATERAL (
        SELECT e.time_zone, e.priority, e.id FROM pipeline_calllistentry e
        WHERE e.call_list_id = lists.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
        ORDER BY e.time_zone, e.priority, e.id LIMIT 1
    ) first
    UNION ALL
    SELECT tops.list_id, next.* FROM tops CROSS JOIN LATERAL (
        SELECT e.time_zone, e.priority, e.id FROM pipeline_calllistentry e
        WHERE e.call_list_id = tops.list_id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
          AND e.time_zone > tops.time_zone
        ORDER BY e.time_zone, e.priority, e.id LIMIT 1
    ) next
),
-- the most urgent of them where clients are awake; where others hold the first ones, the next of the same zone
fresh AS (
    SELECT chosen.id
    FROM (SELECT * FROM tops WHERE time_zone = ANY(%(open_zones)s) ORDER BY priority, id) top
    CROSS JOIN LATERAL (
        SELECT e.id FROM pipeline_calllistentry e
        WHERE e.call_list_id = top.list_id AND e.time_zone = top.time_zone
          AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
          AND NOT EXISTS (
              SELECT FROM pipeline_calllistentry o WHERE o.company_id = e.company_id AND o.id <> e.id
                AND (o.state = 'claimed' OR o.state = 'waiting' AND o.reserved_for_id <> %(caller)s))
          AND NOT EXISTS (SELECT FROM pipeline_call c WHERE c.company_id = e.company_id AND c.called_on >= %(today)s)
        ORDER BY e.priority, e.id LIMIT 1
        FOR UPDATE SKIP LOCKED
    ) chosen LIMIT 1
)
UPDATE pipeline_calllistentry e
SET claimed_at = CASE WHEN e.state = 'claimed' THEN e.claimed_at ELSE %(now)s END, claimed_by_id = %(caller)s, state = 'claimed'
WHERE e.id = (
    SELECT id FROM held UNION ALL SELECT id FROM promised UNION ALL SELECT id FROM again UNION ALL SELECT id FROM fresh LIMIT 1
)
RETURNING e.id
