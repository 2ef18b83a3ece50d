-- payments: the first line of each reference that is not recorded yet
INSERT INTO pipeline_payment (reference, company_id, contract_id, refund_of_id, paid_on, amount, currency, currency_rate, vat_rate,
                              amount_without_vat, source, note, entered_by_id, entered_at)
SELECT s.reference, c.company_id, c.id, NULL, s.paid_on, s.amount, s.currency, s.currency_rate, s.vat_rate,
       s.amount_without_vat, %(source)s, s.note, %(actor)s, %(now)s
FROM (SELECT DISTINCT ON (reference) * FROM payment_staging WHERE refund_of = '' ORDER BY reference, line) s
JOIN pipeline_contract c ON c.number = s.contract
WHERE NOT EXISTS (SELECT FROM pipeline_payment p WHERE p.reference = s.reference)
ORDER BY s.paid_on, s.line
