-- How every client that has paid did begin; for runs over whole months.
INSERT INTO run_start (company_id, first_paid_on, first_deal_id)
WITH paid AS (
    SELECT company_id, min(paid_on) AS first_paid_on FROM pipeline_payment GROUP BY company_id
),
won AS (
    SELECT DISTINCT ON (company_id) company_id, id FROM pipeline_deal WHERE status = 'won' ORDER BY company_id, closed_on, id
)
SELECT paid.company_id, paid.first_paid_on, won.id
FROM paid
LEFT JOIN won USING (company_id)
