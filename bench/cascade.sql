-- A department with a year behind it; `people` are sellers, telesales people and assistants, 40 : 40 : 20.
INSERT INTO accounts_department (id, name, kind, time_zone) VALUES (1, 'Sales', 'active', '');
INSERT INTO accounts_direction (id, name, is_active) SELECT d, 'Direction ' || d, true FROM generate_series(1, 20) d;
INSERT INTO accounts_employee (id, full_name, hired_on) SELECT e, 'Employee ' || e, '2020-01-01' FROM generate_series(1, %(people)s) e;
-- 40 of 100 are sellers, 40 telesales, 20 assistants
INSERT INTO accounts_assignment (employee_id, department_id, direction_id, role, valid)
SELECT e, 1, 1 + e / 100 %% 20, CASE WHEN e %% 100 < 40 THEN 'seller' WHEN e %% 100 < 80 THEN 'telesales' ELSE 'assistant' END,
       daterange('2020-01-01', NULL)
FROM generate_series(1, %(people)s) e;
-- two telesales people to an assistant
INSERT INTO accounts_pair (telesales_id, assistant_id, valid)
SELECT e, e - e %% 100 + 80 + (e %% 100 - 40) / 2, daterange('2020-01-01', NULL)
FROM generate_series(1, %(people)s) e
WHERE e %% 100 BETWEEN 40 AND 79 AND e - e %% 100 + 80 + (e %% 100 - 40) / 2 <= %(people)s;

-- fifty companies a person, all on the list of their direction
INSERT INTO pipeline_company (id, name, city, time_zone, website, is_corporate, source, direction_id, created_at, updated_at)
SELECT c, 'Client ' || c, '', '', '', false, '', 1 + c %% 20, now(), now() FROM generate_series(1, %(people)s * 50) c;
INSERT INTO pipeline_calllist (id, name, direction_id, script, is_active, created_at)
SELECT d, 'List ' || d, d, '', true, now() FROM generate_series(1, 20) d;
INSERT INTO pipeline_calllistmember (call_list_id, employee_id) SELECT direction_id, employee_id FROM accounts_assignment WHERE role = 'telesales';
INSERT INTO pipeline_calllistentry (call_list_id, company_id, priority, state, attempts, time_zone)
SELECT direction_id, id, id, 'waiting', 0, '' FROM pipeline_company;
-- sixty deals a seller: a third won, a third lost, a third open
INSERT INTO pipeline_deal (id, title, company_id, seller_id, stage_id, status, amount, opened_on, closed_on, lost_reason, next_step,
                           created_at, updated_at)
SELECT n, 'Deal ' || n, 1 + n %% (%(people)s * 50), a.employee_id, s.id, v.status, 100000 + n %% 900000, '2026-01-01'::date + (n %% 300)::int,
       CASE WHEN v.status <> 'open' THEN '2026-01-01'::date + (n %% 300)::int + 40 END, '', '', now(), now()
FROM (SELECT employee_id, row_number() OVER () AS place FROM accounts_assignment WHERE role = 'seller') a
CROSS JOIN generate_series(1, 60) k
CROSS JOIN LATERAL (SELECT a.place * 60 + k AS n) numbered
CROSS JOIN LATERAL (SELECT CASE k %% 3 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' ELSE 'open' END AS status) v
JOIN pipeline_stage s ON s.code = CASE v.status WHEN 'open' THEN 'engaged' ELSE v.status END;
INSERT INTO pipeline_stagechange (deal_id, from_stage_id, to_stage_id, "on", at)
SELECT d.id, NULL, s.id, d.opened_on + 10 * s.position, now()
FROM pipeline_deal d
JOIN pipeline_stage s ON s.position <= CASE d.status WHEN 'won' THEN 5 WHEN 'lost' THEN 1 + d.id %% 3 ELSE 2 END;
INSERT INTO pipeline_contract (id, number, company_id, deal_id, seller_id, signed_on, due_on, amount, paid_amount, created_at)
SELECT id, 'C' || id, company_id, id, seller_id, closed_on, closed_on + 60, amount, 0, now() FROM pipeline_deal WHERE status = 'won';
INSERT INTO pipeline_payment (company_id, contract_id, paid_on, amount, currency, currency_rate, vat_rate, amount_without_vat, source, note, entered_at)
SELECT company_id, id, signed_on + 14, round(amount * 0.72, 2), 'RUB', 1, 0.2, round(amount * 0.6, 2), 'import', '', now() FROM pipeline_contract;
-- two hundred calls a caller
INSERT INTO pipeline_call (called_on, started_at, employee_id, company_id, outcome)
SELECT '2026-01-01'::date + k, '2026-01-01'::timestamptz + k * interval '1 day', a.employee_id, 1 + (a.employee_id * 200 + k) %% (%(people)s * 50),
       CASE WHEN k %% 40 = 0 THEN 'warm' WHEN k %% 3 = 0 THEN 'refused' ELSE 'no_answer' END
FROM accounts_assignment a CROSS JOIN generate_series(1, 200) k WHERE a.role = 'telesales';
ANALYZE;
