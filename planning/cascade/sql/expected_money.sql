-- Money that is on its way as of the basis, by seller and month: what contracts still owe, and open deals weighted with
-- the chance that they are won. What is overdue is expected in the first month.
WITH
chance AS (
    SELECT unnest(%(sellers)s::bigint[]) AS seller_id,
           unnest(%(from_warm)s::numeric[]) AS from_warm,
           unnest(%(from_meeting)s::numeric[]) AS from_meeting,
           unnest(%(from_proposal)s::numeric[]) AS from_proposal,
           unnest(%(deal_values)s::numeric[]) AS deal_value,
           unnest(%(payment_lags)s::int[]) AS payment_lag,
           unnest(%(cycle_days)s::int[]) AS cycle_days
),
-- payments so far of contracts signed before the basis
paid AS (
    SELECT contract_id, sum(amount_without_vat) AS amount FROM pipeline_payment WHERE paid_on < %(basis)s GROUP BY contract_id
),
owed AS (
    SELECT c.seller_id, coalesce(c.due_on, c.signed_on + chance.payment_lag) AS due_on, c.amount - coalesce(paid.amount, 0) AS amount
    FROM pipeline_contract c
    JOIN chance USING (seller_id)
    LEFT JOIN paid ON paid.contract_id = c.id
    WHERE c.signed_on < %(basis)s AND c.amount > coalesce(paid.amount, 0)
),
-- open deals as of the basis, at the stage where they stood then
standing AS (
    SELECT d.id, d.seller_id, d.amount, d.opened_on, d.expected_on, coalesce(last.to_stage_id, d.stage_id) AS stage_id
    FROM pipeline_deal d
    LEFT JOIN LATERAL (
        SELECT h.to_stage_id FROM pipeline_stagechange h
        WHERE h.deal_id = d.id AND h."on" < %(basis)s
        ORDER BY h."on" DESC, h.id DESC LIMIT 1
    ) last ON true
    WHERE d.opened_on < %(basis)s AND (d.closed_on IS NULL OR d.closed_on >= %(basis)s)
),
weighted AS (
    SELECT o.seller_id,
           coalesce(o.expected_on, o.opened_on + chance.cycle_days) + chance.payment_lag AS due_on,
           round(CASE WHEN o.amount > 0 THEN o.amount ELSE chance.deal_value END
                 * CASE s.code WHEN 'new' THEN chance.from_warm WHEN 'engaged' THEN chance.from_meeting
                               WHEN 'proposal' THEN chance.from_proposal ELSE s.probability END, 2) AS amount
    FROM standing o
    JOIN pipeline_stage s ON s.id = o.stage_id AND s.kind = 'open'
    JOIN chance USING (seller_id)
),
coming AS (
    SELECT seller_id, due_on, amount AS expected, 0.00 AS pipeline FROM owed
    UNION ALL
    SELECT seller_id, due_on, 0.00, amount FROM weighted
)
SELECT seller_id, greatest(date_trunc('month', due_on)::date, %(first_month)s::date) AS month, sum(expected), sum(pipeline)
FROM coming
GROUP BY 1, 2
