-- All payments of a month about which nothing has been posted; its lines are loaded aside.
CREATE OR REPLACE TEMPORARY VIEW run_source AS
SELECT id, company_id, contract_id, paid_on, amount_without_vat
FROM pipeline_payment
WHERE paid_on >= %(month)s AND paid_on < %(next)s
