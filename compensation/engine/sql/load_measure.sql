-- The sums of what load.sql wrote.
INSERT INTO compensation_measure (payee_id, component_id, department_id, period_on, origin_on, line_count, net_amount, basis_amount, amount)
SELECT payee_id, component_id, coalesce(department_id, 0), %(month)s, %(month)s, count(*), sum(net_amount), sum(basis_amount), sum(amount)
FROM %(loading)s
GROUP BY payee_id, component_id, department_id
