-- Clients whose beginning has moved: all that they have paid may count otherwise.
INSERT INTO run_company (company_id, from_on)
SELECT company_id, '-infinity'
FROM run_start n
JOIN compensation_clientstart s USING (company_id)
WHERE (n.first_paid_on, n.first_deal_id) IS DISTINCT FROM (s.first_paid_on, s.first_deal_id)
