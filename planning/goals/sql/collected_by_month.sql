SELECT date_trunc('month', paid_on)::date AS month, sum(amount_without_vat) AS amount
FROM pipeline_payment
WHERE paid_on < %(until)s
GROUP BY 1
ORDER BY 1
