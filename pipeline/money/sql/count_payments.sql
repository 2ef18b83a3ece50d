-- lines of the load, those whose payment is recorded already (or repeated in the file), and the sum of the others
SELECT count(*),
       count(*) FILTER (WHERE NOT is_new),
       coalesce(sum(amount_without_vat) FILTER (WHERE is_new), 0)
FROM (
    SELECT s.amount_without_vat,
           NOT EXISTS (SELECT FROM pipeline_payment p WHERE p.reference = s.reference)
           AND row_number() OVER (PARTITION BY s.reference ORDER BY s.line) = 1 AS is_new
    FROM payment_staging s
) AS marked
