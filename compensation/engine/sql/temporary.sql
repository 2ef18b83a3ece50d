-- The tables and views of one run, private to its connection.
DROP VIEW IF EXISTS pg_temp.run_credit, pg_temp.run_source, pg_temp.run_standing, pg_temp.run_posted;
DROP TABLE IF EXISTS pg_temp.run_coverage, pg_temp.run_terms, pg_temp.run_managed, pg_temp.run_mark, pg_temp.run_month,
    pg_temp.run_company, pg_temp.run_start, pg_temp.run_payment, pg_temp.run_refund;
CREATE TEMPORARY TABLE run_coverage (
    payee_id integer NOT NULL, department_id integer NOT NULL, scheme_id integer NOT NULL, version_id integer NOT NULL,
    new_until text NOT NULL, from_on date NOT NULL, until_on date NOT NULL
);
CREATE TEMPORARY TABLE run_terms (
    payee_id integer NOT NULL, credit_role text NOT NULL, component_id integer NOT NULL, department_id integer,
    basis text NOT NULL, newness text NOT NULL, new_rule text NOT NULL, new_days integer, product_id bigint, category text NOT NULL,
    rate numeric(9, 6), from_on date NOT NULL, until_on date NOT NULL
);
CREATE TEMPORARY TABLE run_managed (company_id bigint NOT NULL, component_id integer NOT NULL, from_on date NOT NULL, until_on date NOT NULL);
CREATE INDEX run_managed_by_company ON run_managed (company_id);
CREATE TEMPORARY TABLE run_mark (id bigint PRIMARY KEY, kind text NOT NULL, key bigint, from_on date);
CREATE TEMPORARY TABLE run_month (month_on date PRIMARY KEY);
CREATE TEMPORARY TABLE run_company (company_id bigint NOT NULL, from_on date NOT NULL);
CREATE TEMPORARY TABLE run_start (company_id bigint PRIMARY KEY, first_paid_on date NOT NULL, first_deal_id bigint);
CREATE TEMPORARY TABLE run_payment (payment_id bigint NOT NULL, month_on date NOT NULL, PRIMARY KEY (payment_id, month_on));
CREATE TEMPORARY TABLE run_refund (payment_id bigint PRIMARY KEY, company_id bigint NOT NULL, contract_id bigint NOT NULL, paid_on date NOT NULL);
