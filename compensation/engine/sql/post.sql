-- Computed minus posted for the credit lines of one origin month: reversals of what no longer holds, successors, first lines.
-- `run_posted` has the lines of the month that may have changed. Returns one row: the number of lines written.
WITH standing AS (
    -- the last revision of each line; an even one is a reversal, after which nothing stands
    SELECT DISTINCT ON (payment_id, payee_id, component_id) *, revision %% 2 = 1 AS stands
    FROM run_posted
    ORDER BY payment_id, payee_id, component_id, revision DESC
),
compared AS (
    SELECT coalesce(c.payment_id, p.payment_id) AS payment_id, coalesce(c.payee_id, p.payee_id)::integer AS payee_id,
           coalesce(c.component_id, p.component_id)::integer AS component_id, coalesce(p.revision, 0) AS revision,
           coalesce(p.stands, false) AS stands, c.payment_id IS NOT NULL AS is_computed,
           p.department_id AS was_department_id, p.is_new AS was_new, p.net_amount AS was_net, p.basis_amount AS was_basis,
           p.rate AS was_rate, p.amount AS was_amount,
           c.department_id, c.is_new, c.net_amount, c.basis_amount, c.rate, c.amount
    FROM run_credit c
    FULL JOIN standing p ON p.payment_id = c.payment_id AND p.payee_id = c.payee_id AND p.component_id = c.component_id
),
changed AS (
    SELECT * FROM compared
    WHERE stands IS DISTINCT FROM is_computed
       OR stands AND (was_department_id, was_new, was_net, was_basis, was_rate, was_amount)
                     IS DISTINCT FROM (department_id, is_new, net_amount, basis_amount, rate, amount)
),
posted AS (
    INSERT INTO compensation_creditline (payment_id, payee_id, component_id, department_id, run_id, period_on, origin_on, revision,
                                         is_new, net_amount, basis_amount, rate, amount)
    SELECT payment_id, payee_id, component_id, was_department_id, %(run)s, %(period)s, %(month)s, revision + 1,
           was_new, -was_net, -was_basis, was_rate, -was_amount
    FROM changed WHERE stands
    UNION ALL
    SELECT payment_id, payee_id, component_id, department_id, %(run)s, %(period)s, %(month)s,
           revision + CASE WHEN stands THEN 2 ELSE 1 END, is_new, net_amount, basis_amount, rate, amount
    FROM changed WHERE is_computed
    RETURNING payee_id, component_id, department_id, revision, net_amount, basis_amount, amount
),
measured AS (
    INSERT INTO compensation_measure AS m (payee_id, component_id, department_id, period_on, origin_on, line_count,
                                           net_amount, basis_amount, amount)
    SELECT payee_id, component_id, coalesce(department_id, 0), %(period)s, %(month)s, count(*),
           sum(net_amount), sum(basis_amount), sum(amount)
    FROM posted
    GROUP BY payee_id, component_id, department_id
    ON CONFLICT (origin_on, payee_id, component_id, department_id, period_on) DO UPDATE
    SET line_count = m.line_count + excluded.line_count, net_amount = m.net_amount + excluded.net_amount,
        basis_amount = m.basis_amount + excluded.basis_amount, amount = m.amount + excluded.amount
    RETURNING line_count
)
SELECT (SELECT count(*) FROM posted), (SELECT count(*) FROM measured)
