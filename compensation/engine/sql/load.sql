-- The first lines of a month: nothing is posted yet, so what was computed is what to write.
CREATE TABLE %(loading)s AS
SELECT payment_id, payee_id, component_id, department_id, %(run)s::integer AS run_id, %(month)s::date AS period_on,
       %(month)s::date AS origin_on, 1::smallint AS revision, is_new, net_amount, basis_amount::numeric(18, 2) AS basis_amount,
       rate, amount::numeric(18, 2) AS amount
FROM run_credit
