-- Open deals of somebody whose client has changed hands go to the new holder, when the former holds the client in no other way.
-- Row: deal, its seller until now, its seller from now on.
WITH handed AS (
    -- who took the same relationship over, when the deal had begun already
    SELECT DISTINCT ON (d.id) d.id AS deal_id, d.seller_id AS former_id, taken.employee_id AS holder_id
    FROM pipeline_deal d
    JOIN pipeline_relationship given ON given.company_id = d.company_id AND given.employee_id = d.seller_id
        AND given.kind = ANY(%(kinds)s) AND upper(given.valid) <= %(today)s AND upper(given.valid) > d.opened_on
    JOIN pipeline_relationship taken ON taken.company_id = given.company_id AND taken.kind = given.kind
        AND taken.valid @> %(today)s::date AND lower(taken.valid) >= upper(given.valid)
    JOIN accounts_assignment place ON place.employee_id = taken.employee_id AND place.valid @> %(today)s::date
        AND place.role = ANY(%(roles)s)
    WHERE d.status = 'open' AND NOT EXISTS (
        SELECT FROM pipeline_relationship still
        WHERE still.company_id = d.company_id AND still.employee_id = d.seller_id AND still.kind = ANY(%(kinds)s)
          AND still.valid @> %(today)s::date
    )
    ORDER BY d.id, upper(given.valid) DESC, taken.id
)
UPDATE pipeline_deal d
SET seller_id = handed.holder_id, updated_at = now()
FROM handed
WHERE d.id = handed.deal_id AND d.seller_id = handed.former_id AND d.status = 'open'
RETURNING d.id, handed.former_id, handed.holder_id
