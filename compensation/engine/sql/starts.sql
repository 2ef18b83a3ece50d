-- How the clients that may have begun otherwise did begin.
INSERT INTO run_start (company_id, first_paid_on, first_deal_id)
WITH asked AS (
    SELECT company_id FROM run_company
    UNION
    SELECT p.company_id
    FROM run_mark m
    JOIN pipeline_payment p ON p.id = m.key
    LEFT JOIN compensation_clientstart s ON s.company_id = p.company_id
    WHERE m.kind = 'payment' AND (s.company_id IS NULL OR p.paid_on < s.first_paid_on)
)
SELECT a.company_id, p.first_paid_on, d.id
FROM asked a
CROSS JOIN LATERAL (SELECT min(paid_on) AS first_paid_on FROM pipeline_payment WHERE company_id = a.company_id) p
LEFT JOIN LATERAL (
    SELECT id FROM pipeline_deal WHERE company_id = a.company_id AND status = 'won' ORDER BY closed_on, id LIMIT 1
) d ON true
WHERE p.first_paid_on IS NOT NULL
