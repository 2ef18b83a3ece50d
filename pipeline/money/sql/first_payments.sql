SELECT company_id, min(paid_on) FROM pipeline_payment WHERE amount > 0 GROUP BY company_id ORDER BY company_id
