-- Clients whose beginning has moved: all that they have paid may count otherwise. The next statement remembers the new beginning,
-- so that a run that dies after it would take nothing for moved: marks of their own keep them stale until all is posted.
WITH moved AS (
    SELECT company_id
    FROM run_start n
    JOIN compensation_clientstart s USING (company_id)
    WHERE (n.first_paid_on, n.first_deal_id) IS DISTINCT FROM (s.first_paid_on, s.first_deal_id)
),
kept AS (
    INSERT INTO compensation_stale (kind, key, from_on)
    SELECT 'company', company_id, '-infinity' FROM moved
    RETURNING id, kind, key, from_on
),
marked AS (
    INSERT INTO run_mark (id, kind, key, from_on)
    SELECT id, kind, key, from_on FROM kept
)
INSERT INTO run_company (company_id, from_on)
SELECT company_id, '-infinity' FROM moved
