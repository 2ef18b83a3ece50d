-- What the refunds that will be computed undo.
INSERT INTO run_refund (payment_id, company_id, contract_id, paid_on)
SELECT r.id, o.company_id, o.contract_id, o.paid_on
FROM pipeline_payment r
JOIN pipeline_payment o ON o.id = r.refund_of_id
WHERE r.refund_of_id IS NOT NULL
  AND (r.id IN (SELECT payment_id FROM run_payment)
       OR EXISTS (SELECT FROM run_month m WHERE m.month_on = date_trunc('month', r.paid_on)::date))
