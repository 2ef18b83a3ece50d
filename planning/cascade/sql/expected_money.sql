-- Money that is on its way as of the basis, by seller and month: what contracts still owe, and deals without a signed contract,
-- weighted with the chance that they are won. What is a little overdue is expected in the first month; what is long overdue is
-- a bad debt or a dead deal, and would be expected again every month.
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
    SELECT c.seller_id, due.due_on, c.amount - coalesce(paid.amount, 0) AS amount
    FROM pipeline_contract c
    JOIN chance USING (seller_id)
    LEFT JOIN paid ON paid.contract_id = c.id
    CROSS JOIN LATERAL (SELECT coalesce(c.due_on, c.signed_on + chance.payment_lag) AS due_on) AS due
    WHERE c.signed_on < %(basis)s AND c.amount > coalesce(paid.amount, 0) AND due.due_on >= %(basis)s::date - %(patience_days)s
),
-- deals as of the basis without a contract signed by then: open ones at the stage where they stood, and won ones; with the day of
-- their last move
standing AS (
    SELECT d.id, d.seller_id, d.amount, d.opened_on, d.expected_on, d.won_on, coalesce(last.to_stage_id, d.stage_id) AS stage_id,
           last."on" AS moved_on
    FROM (
        SELECT *, CASE WHEN status = 'won' AND closed_on < %(basis)s THEN closed_on END AS won_on
        FROM pipeline_deal
        WHERE opened_on < %(basis)s AND (closed_on IS NULL OR closed_on >= %(basis)s OR status = 'won')
    ) AS d
    LEFT JOIN LATERAL (
        SELECT h.to_stage_id, h."on" FROM pipeline_stagechange h
        WHERE h.deal_id = d.id AND h."on" < %(basis)s AND d.won_on IS NULL
        ORDER BY h."on" DESC, h.id DESC LIMIT 1
    ) last ON true
    WHERE NOT EXISTS (SELECT FROM pipeline_contract c WHERE c.deal_id = d.id AND c.signed_on < %(basis)s)
),
weighted AS (
    SELECT o.seller_id, close.close_on + chance.payment_lag AS due_on,
           round(CASE WHEN o.amount > 0 THEN o.amount ELSE chance.deal_value END
                 * CASE WHEN o.won_on IS NOT NULL THEN 1
                        WHEN s.code = 'new' THEN chance.from_warm WHEN s.code = 'engaged' THEN chance.from_meeting
                        WHEN s.code = 'proposal' THEN chance.from_proposal ELSE s.probability END, 2) AS amount
    FROM standing o
    JOIN pipeline_stage s ON s.id = o.stage_id AND (s.kind = 'open' OR o.won_on IS NOT NULL)
    JOIN chance USING (seller_id)
    CROSS JOIN LATERAL (SELECT coalesce(o.won_on, o.expected_on, o.opened_on + chance.cycle_days) AS close_on) AS close
    -- a deal that was to be closed two cycles ago and has not moved since is dead
    WHERE greatest(close.close_on, o.moved_on) >= %(basis)s::date - greatest(2 * chance.cycle_days, %(patience_days)s)
),
coming AS (
    SELECT seller_id, due_on, amount AS expected, 0.00 AS pipeline FROM owed
    UNION ALL
    SELECT seller_id, due_on, 0.00, amount FROM weighted
)
SELECT seller_id, greatest(date_trunc('month', due_on)::date, %(first_month)s::date) AS month, sum(expected), sum(pipeline)
FROM coming
GROUP BY 1, 2
