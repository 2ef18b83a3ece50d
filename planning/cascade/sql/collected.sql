-- Payments without VAT in [since, until) by the seller of the contract.
SELECT c.seller_id, sum(p.amount_without_vat)
FROM pipeline_payment p
JOIN pipeline_contract c ON c.id = p.contract_id
WHERE p.paid_on >= %(since)s AND p.paid_on < %(until)s AND c.seller_id IS NOT NULL
GROUP BY 1
