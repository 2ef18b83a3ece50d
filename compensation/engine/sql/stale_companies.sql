-- Clients whose payments may be credited otherwise from a date on.
INSERT INTO run_company (company_id, from_on)
SELECT company_id, min(from_on)
FROM (
    SELECT key AS company_id, from_on FROM run_mark WHERE kind = 'company'
    UNION ALL
    -- a payee's place has changed: all clients that they hold
    SELECT h.company_id, m.from_on
    FROM run_mark m
    JOIN pipeline_relationship h ON h.employee_id = m.key AND (upper(h.valid) > m.from_on OR upper_inf(h.valid))
    WHERE m.kind = 'payee'
    UNION ALL
    -- a department's members have changed, and with them whether it has a pool: all clients that it manages
    SELECT h.company_id, m.from_on
    FROM run_mark m
    JOIN accounts_assignment a ON a.department_id = m.key AND (upper(a.valid) > m.from_on OR upper_inf(a.valid))
    JOIN pipeline_relationship h ON h.employee_id = a.employee_id AND h.kind IN ('account_manager', 'vip')
        AND (upper(h.valid) > m.from_on OR upper_inf(h.valid))
    WHERE m.kind = 'department'
) AS found
GROUP BY company_id
