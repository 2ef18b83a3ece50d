-- The first lines of a month: nothing is posted yet, so what was computed is what to write.
INSERT INTO compensation_loading (payment_id, payee_id, component_id, department_id, run_id, period_on, origin_on, revision,
                                  is_new, net_amount, basis_amount, rate, amount)
SELECT payment_id, payee_id, component_id, department_id, %(run)s, %(month)s, %(month)s, 1,
       is_new, net_amount, basis_amount, rate, amount
FROM run_credit
