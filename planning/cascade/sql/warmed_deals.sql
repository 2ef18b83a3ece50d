-- Deals opened in [since, basis) by seller, and how many of them came from a call of telesales.
SELECT seller_id, count(*) AS deals, count(warmed_by_id) AS warmed
FROM pipeline_deal
WHERE opened_on >= %(since)s AND opened_on < %(basis)s
GROUP BY seller_id
