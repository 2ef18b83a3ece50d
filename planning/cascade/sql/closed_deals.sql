-- How far the deals that were closed in [since, basis) had come, by seller. Open deals are left out: they would still
-- move, and counting them as stuck would make every conversion look worse than it is.
WITH
position AS (
    SELECT (SELECT position FROM pipeline_stage WHERE code = 'engaged') AS meeting,
           (SELECT position FROM pipeline_stage WHERE code = 'proposal') AS proposal
),
-- the furthest stage that each closed deal reached before the basis; a won deal has passed them all
furthest AS (
    SELECT d.seller_id, d.status = 'won' AS won, coalesce(max(s.position) FILTER (WHERE s.kind <> 'lost'), 0) AS reached
    FROM pipeline_deal d
    LEFT JOIN pipeline_stagechange h ON h.deal_id = d.id AND h."on" < %(basis)s
    LEFT JOIN pipeline_stage s ON s.id = h.to_stage_id
    WHERE d.status IN ('won', 'lost') AND d.closed_on >= %(since)s AND d.closed_on < %(basis)s
    GROUP BY d.id
)
SELECT seller_id,
       count(*) AS warm_contacts,
       count(*) FILTER (WHERE won OR reached >= position.meeting) AS meetings,
       count(*) FILTER (WHERE won OR reached >= position.proposal) AS proposals,
       count(*) FILTER (WHERE won) AS deals
FROM furthest, position
GROUP BY seller_id
