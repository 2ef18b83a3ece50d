-- All payments of a month, and all lines about them; `periods` are the months in which such lines have been posted.
CREATE OR REPLACE TEMPORARY VIEW run_source AS
SELECT id, company_id, contract_id, paid_on, amount_without_vat
FROM pipeline_payment
WHERE paid_on >= %(month)s AND paid_on < %(next)s;
CREATE OR REPLACE TEMPORARY VIEW run_posted AS
SELECT * FROM compensation_creditline WHERE origin_on = %(month)s AND period_on = ANY (%(periods)s::date[]);
CREATE OR REPLACE TEMPORARY VIEW run_standing AS
-- payments with a line that stands
SELECT payment_id FROM run_posted GROUP BY payment_id HAVING sum(CASE WHEN revision %% 2 = 1 THEN 1 ELSE -1 END) > 0
