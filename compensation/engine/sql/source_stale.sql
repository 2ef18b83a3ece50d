-- The payments of a month that have to be computed again, and the lines about them.
CREATE OR REPLACE TEMPORARY VIEW run_source AS
SELECT p.id, p.company_id, p.contract_id, p.paid_on, p.amount_without_vat
FROM run_payment r
JOIN pipeline_payment p ON p.id = r.payment_id
WHERE r.month_on = %(month)s AND p.paid_on >= %(month)s AND p.paid_on < %(next)s;
CREATE OR REPLACE TEMPORARY VIEW run_posted AS
SELECT l.*
FROM run_payment r
JOIN compensation_creditline l ON l.payment_id = r.payment_id AND l.origin_on = r.month_on
WHERE r.month_on = %(month)s AND l.origin_on = %(month)s AND l.period_on = ANY (%(periods)s::date[]);
CREATE OR REPLACE TEMPORARY VIEW run_standing AS
-- payments with a line that stands
SELECT payment_id FROM run_posted GROUP BY payment_id HAVING sum(CASE WHEN revision %% 2 = 1 THEN 1 ELSE -1 END) > 0
