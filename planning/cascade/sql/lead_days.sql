-- Median days between the stages of deals won in [since, basis), by the seller's direction (0: none) and, with NULL, of the
-- whole company, with the number of deals behind them. A stage that nobody knows the date of is not counted as a day.
WITH
-- the day on which a won deal first stood at each stage
stood AS (
    SELECT d.id, d.seller_id, d.closed_on,
           min(h."on") FILTER (WHERE s.code = 'new') AS warm_on,
           min(h."on") FILTER (WHERE s.code = 'engaged') AS meeting_on,
           min(h."on") FILTER (WHERE s.code = 'proposal') AS proposal_on
    FROM pipeline_deal d
    LEFT JOIN pipeline_stagechange h ON h.deal_id = d.id
    LEFT JOIN pipeline_stage s ON s.id = h.to_stage_id
    WHERE d.status = 'won' AND d.closed_on >= %(since)s AND d.closed_on < %(basis)s
    GROUP BY d.id
),
-- a deal that skipped a stage took no days for it: the next one is counted from where the deal stood before
path AS (
    SELECT id, seller_id, closed_on, warm_on, coalesce(meeting_on, warm_on) AS meeting_on,
           coalesce(proposal_on, meeting_on, warm_on) AS proposal_on
    FROM stood
),
-- and the day of its first payment; a deal that is not paid yet has no lag so far
paid AS (
    SELECT c.deal_id, min(p.paid_on) AS paid_on
    FROM pipeline_contract c
    JOIN pipeline_payment p ON p.contract_id = c.id
    WHERE c.deal_id IN (SELECT id FROM path) AND p.paid_on < %(basis)s AND p.amount > 0
    GROUP BY c.deal_id
),
place AS (
    SELECT unnest(%(sellers)s::bigint[]) AS seller_id, unnest(%(directions)s::bigint[]) AS direction_id
)
SELECT place.direction_id,
       count(*) AS deals,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(meeting_on - warm_on, 0))
           FILTER (WHERE meeting_on - warm_on IS NOT NULL) AS warm_to_meeting,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(proposal_on - meeting_on, 0))
           FILTER (WHERE proposal_on - meeting_on IS NOT NULL) AS meeting_to_proposal,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(closed_on - proposal_on, 0))
           FILTER (WHERE closed_on - proposal_on IS NOT NULL) AS to_win,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(paid.paid_on - closed_on, 0))
           FILTER (WHERE paid.paid_on - closed_on IS NOT NULL) AS win_to_payment
FROM path
JOIN place USING (seller_id)
LEFT JOIN paid ON paid.deal_id = path.id
GROUP BY GROUPING SETS ((place.direction_id), ())
