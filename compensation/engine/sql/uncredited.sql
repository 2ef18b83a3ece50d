-- Payments of `run_source` that nobody can be credited for: no holder, or no holder with a scheme, on the date that counts,
-- or a margin that cannot be.
WITH doubtful AS (
    SELECT p.id, coalesce(o.company_id, p.company_id) AS company_id, coalesce(o.paid_on, p.paid_on) AS credited_on,
           abs(p.amount_without_vat - CASE WHEN c.direct_cost IS NOT NULL AND c.amount > 0
                                           THEN p.amount_without_vat * c.direct_cost / c.amount
                                           ELSE p.amount_without_vat * coalesce(g.cost_rate, 0) END) >= 1e12 AS is_out_of_proportion
    FROM run_source p
    LEFT JOIN run_refund o ON o.payment_id = p.id
    JOIN pipeline_contract c ON c.id = coalesce(o.contract_id, p.contract_id)
    LEFT JOIN pipeline_product g ON g.id = c.product_id
    WHERE NOT EXISTS (SELECT FROM run_standing s WHERE s.payment_id = p.id)
),
found AS (
    -- a holder who has a scheme is credited, be it with nothing
    SELECT d.id, CASE WHEN d.is_out_of_proportion THEN 'bad_margin' WHEN count(h.id) > 0 THEN 'no_scheme' ELSE 'no_holder' END AS reason
    FROM doubtful d
    LEFT JOIN pipeline_relationship h ON h.company_id = d.company_id AND h.valid @> d.credited_on
    LEFT JOIN run_coverage c ON c.payee_id = h.employee_id AND c.from_on <= d.credited_on AND d.credited_on < c.until_on
    GROUP BY d.id, d.is_out_of_proportion
    HAVING d.is_out_of_proportion OR count(c.payee_id) = 0
),
mended AS (
    DELETE FROM compensation_uncreditedpayment u
    WHERE u.payment_id IN (SELECT id FROM run_source) AND u.payment_id NOT IN (SELECT id FROM found)
)
INSERT INTO compensation_uncreditedpayment AS u (payment_id, month_on, reason, accepted_note)
SELECT id, %(month)s, reason, '' FROM found
-- who accepted one reason has not accepted another
ON CONFLICT (payment_id) DO UPDATE
SET month_on = excluded.month_on, reason = excluded.reason,
    accepted_by_id = CASE WHEN u.reason = excluded.reason THEN u.accepted_by_id END,
    accepted_note = CASE WHEN u.reason = excluded.reason THEN u.accepted_note ELSE '' END
WHERE (u.month_on, u.reason) IS DISTINCT FROM (excluded.month_on, excluded.reason)
