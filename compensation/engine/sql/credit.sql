-- What the payments of `run_source` credit to whom, and what each credit earns.
-- Row: payment x payee x component. Read through the view run_credit; both ways of posting select from it.
-- The joins stand in the order in which they are made for many rows: facts of the payment first, people last.
CREATE OR REPLACE TEMPORARY VIEW run_credit AS
WITH priced AS (
    -- a refund stands in the place of the payment that it undoes; direct cost: the contract's own, in proportion, else the product's rate;
    -- OFFSET keeps the margin from being computed once for each use of it
    SELECT p.id, p.amount_without_vat AS net, coalesce(o.company_id, p.company_id) AS company_id,
           coalesce(o.paid_on, p.paid_on) AS credited_on, c.deal_id, c.product_id, g.category,
           p.amount_without_vat - round(CASE WHEN c.direct_cost IS NOT NULL AND c.amount > 0
                                             THEN p.amount_without_vat * c.direct_cost / c.amount
                                             ELSE p.amount_without_vat * coalesce(g.cost_rate, 0) END, 2) AS margin
    FROM run_source p
    LEFT JOIN run_refund o ON o.payment_id = p.id
    JOIN pipeline_contract c ON c.id = coalesce(o.contract_id, p.contract_id)
    LEFT JOIN pipeline_product g ON g.id = c.product_id
    OFFSET 0
),
credited AS (
    -- who held the client on that date, and by which component that counts
    SELECT p.*, r.payee_id, r.component_id, r.department_id, r.basis, r.newness, r.rate,
           CASE r.new_rule
               WHEN 'first_deal' THEN coalesce(p.deal_id = s.first_deal_id, false)
               WHEN 'first_month' THEN date_trunc('month', p.credited_on::timestamp) = date_trunc('month', s.first_paid_on::timestamp)
               ELSE p.credited_on >= s.first_paid_on AND p.credited_on < s.first_paid_on + r.new_days
           END AS is_new
    FROM priced p
    JOIN compensation_clientstart s ON s.company_id = p.company_id
    JOIN pipeline_relationship h ON h.company_id = p.company_id
        AND lower(h.valid) <= p.credited_on AND (upper_inf(h.valid) OR upper(h.valid) > p.credited_on)
    JOIN run_terms r ON r.payee_id = h.employee_id AND r.credit_role = h.kind
        AND r.from_on <= p.credited_on AND p.credited_on < r.until_on
        AND (r.product_id IS NULL OR r.product_id = p.product_id)
        AND (r.category = '' OR r.category = p.category)
    -- towards a pool a VIP manager counts where no account manager does
    WHERE r.credit_role <> 'vip' OR r.department_id IS NULL
       OR NOT EXISTS (SELECT FROM run_managed m
                      WHERE m.company_id = p.company_id AND m.component_id = r.component_id
                        AND m.from_on <= p.credited_on AND p.credited_on < m.until_on)
)
SELECT id AS payment_id, payee_id, component_id, department_id, is_new, net AS net_amount, based AS basis_amount, rate,
       coalesce(round(based * rate, 2), 0.00) AS amount
FROM credited
CROSS JOIN LATERAL (SELECT CASE basis WHEN 'margin' THEN margin ELSE net END) AS b (based)
WHERE (newness = 'any' OR (newness = 'new') = is_new)
  -- a cost out of all proportion is a fault of its deal: uncredited.sql lists the payment, the others are paid
  AND abs(margin) < 1e12
