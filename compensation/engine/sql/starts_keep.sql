-- Remember the beginnings.
INSERT INTO compensation_clientstart AS s (company_id, first_paid_on, first_deal_id)
SELECT company_id, first_paid_on, first_deal_id FROM run_start
ON CONFLICT (company_id) DO UPDATE SET first_paid_on = excluded.first_paid_on, first_deal_id = excluded.first_deal_id
WHERE (s.first_paid_on, s.first_deal_id) IS DISTINCT FROM (excluded.first_paid_on, excluded.first_deal_id)
