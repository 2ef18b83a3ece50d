-- Which components credit whom, in which capacity, on which dates.
-- Row: payee x component x dates. `rate` is empty where the credit only counts towards the month's sum.
INSERT INTO run_terms (payee_id, credit_role, component_id, department_id, basis, newness, new_rule, new_days, product_id, category,
                       rate, from_on, until_on)
WITH pools AS (
    -- the dates on which a department has a pool: those on which anyone there is covered by it
    SELECT c.department_id, k.id AS component_id, unnest(range_agg(daterange(c.from_on, c.until_on))) AS valid
    FROM run_coverage c
    JOIN compensation_component k ON k.version_id = c.version_id AND k.kind = 'team_pool'
    GROUP BY c.department_id, k.id
)
SELECT c.payee_id, k.credit_role, k.id, NULL::integer, k.basis, k.newness, split_part(c.new_until, ':', 1),
       nullif(split_part(c.new_until, ':', 2), '')::integer, k.product_id, k.category,
       CASE WHEN k.floor_amount IS NULL AND k.cap_amount IS NULL AND k.tier_on = ''
                 AND NOT EXISTS (SELECT FROM compensation_tier t WHERE t.component_id = k.id) THEN k.rate END,
       c.from_on, c.until_on
FROM run_coverage c
JOIN compensation_component k ON k.version_id = c.version_id AND k.kind = 'rate'
WHERE k.department_id IS NULL OR k.department_id = c.department_id
UNION ALL
-- what any account manager or VIP manager of the department collects counts towards its pool
SELECT a.employee_id, held_as, p.component_id, p.department_id, 'revenue', 'any', 'first_deal', NULL, NULL, '', NULL,
       coalesce(lower(a.valid * p.valid), '-infinity'::date), coalesce(upper(a.valid * p.valid), 'infinity'::date)
FROM pools p
JOIN accounts_assignment a ON a.department_id = p.department_id AND a.valid && p.valid
CROSS JOIN (VALUES ('account_manager'), ('vip')) AS ways (held_as);
-- A client that has both counts once towards a pool, by its account manager: when and for which pools
INSERT INTO run_managed (company_id, component_id, from_on, until_on)
SELECT h.company_id, r.component_id, greatest(r.from_on, lower(h.valid)), least(r.until_on, coalesce(upper(h.valid), 'infinity'))
FROM pipeline_relationship h
JOIN run_terms r ON r.payee_id = h.employee_id AND r.credit_role = 'account_manager' AND r.department_id IS NOT NULL
    AND r.from_on < coalesce(upper(h.valid), 'infinity') AND r.until_on > lower(h.valid)
WHERE h.kind = 'account_manager' AND h.company_id IN (SELECT company_id FROM pipeline_relationship WHERE kind = 'vip')
