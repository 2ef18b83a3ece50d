-- What people did, by employee, day and activity, in [since, until). Codes are those of planning.engine.activities.
WITH
position AS (
    SELECT (SELECT position FROM pipeline_stage WHERE code = 'engaged') AS meeting,
           (SELECT position FROM pipeline_stage WHERE code = 'proposal') AS proposal
),
-- calls of one day in one pass, then one row per activity
calls AS (
    SELECT employee_id, called_on AS "on",
           count(*) AS dials,
           count(*) FILTER (WHERE outcome IN ('call_back', 'refused', 'information', 'warm', 'meeting')) AS conversations,
           count(*) FILTER (WHERE outcome IN ('warm', 'meeting')) AS warm_contacts
    FROM pipeline_call
    WHERE called_on >= %(since)s AND called_on < %(until)s
      AND (%(employees)s::bigint[] IS NULL OR employee_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
-- deals that crossed a stage from below
crossed AS (
    SELECT d.seller_id AS employee_id, h."on",
           count(*) FILTER (WHERE coalesce(before.position, 0) < position.meeting AND after.position >= position.meeting) AS meetings,
           count(*) FILTER (WHERE coalesce(before.position, 0) < position.proposal AND after.position >= position.proposal) AS proposals
    FROM pipeline_stagechange h
    JOIN pipeline_deal d ON d.id = h.deal_id
    JOIN pipeline_stage after ON after.id = h.to_stage_id AND after.kind <> 'lost'
    LEFT JOIN pipeline_stage before ON before.id = h.from_stage_id AND before.kind <> 'lost',
    position
    WHERE h."on" >= %(since)s AND h."on" < %(until)s
      AND (%(employees)s::bigint[] IS NULL OR d.seller_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
won AS (
    SELECT seller_id AS employee_id, closed_on AS "on", count(*) AS deals
    FROM pipeline_deal
    WHERE status = 'won' AND closed_on >= %(since)s AND closed_on < %(until)s
      AND (%(employees)s::bigint[] IS NULL OR seller_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
letters AS (
    SELECT assignee_id AS employee_id, (done_at AT TIME ZONE %(zone)s)::date AS "on", count(*) AS letters
    FROM pipeline_task
    WHERE kind = 'letter' AND status = 'done'
      AND done_at >= (%(since)s::date::timestamp AT TIME ZONE %(zone)s)
      AND done_at < (%(until)s::date::timestamp AT TIME ZONE %(zone)s)
      AND (%(employees)s::bigint[] IS NULL OR assignee_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
cards AS (
    SELECT author_id AS employee_id, prepared_on AS "on", count(*) AS cards
    FROM pipeline_researchcard
    WHERE prepared_on >= %(since)s AND prepared_on < %(until)s
      AND (%(employees)s::bigint[] IS NULL OR author_id = ANY(%(employees)s::bigint[]))
    GROUP BY 1, 2
),
done AS (
    SELECT employee_id, "on", activity, amount
    FROM calls CROSS JOIN LATERAL (VALUES (3, dials), (4, conversations), (5, warm_contacts)) AS v(activity, amount)
    UNION ALL
    SELECT employee_id, "on", activity, amount
    FROM crossed CROSS JOIN LATERAL (VALUES (6, meetings), (7, proposals)) AS v(activity, amount)
    UNION ALL SELECT employee_id, "on", 8, deals FROM won
    UNION ALL SELECT employee_id, "on", 2, letters FROM letters
    UNION ALL SELECT employee_id, "on", 1, cards FROM cards
)
SELECT employee_id, "on", activity, amount FROM done WHERE amount > 0
