-- Open deals that the former holder of clients has at the moment of a hand-over go along, whatever their dates.
-- Row: deal, its seller until now, its seller from now on.
UPDATE pipeline_deal d
SET seller_id = %(holder)s, updated_at = now()
WHERE d.company_id = ANY(%(companies)s) AND d.seller_id = %(former)s AND d.status = 'open'
  -- the new holder sells, and holds the client by today
  AND EXISTS (
      SELECT FROM accounts_assignment place
      WHERE place.employee_id = %(holder)s AND place.valid @> %(today)s::date AND place.role = ANY(%(roles)s)
  )
  AND EXISTS (
      SELECT FROM pipeline_relationship taken
      WHERE taken.company_id = d.company_id AND taken.employee_id = %(holder)s AND taken.kind = ANY(%(kinds)s)
        AND taken.valid @> %(today)s::date
  )
  -- the former one holds it in no other way
  AND NOT EXISTS (
      SELECT FROM pipeline_relationship still
      WHERE still.company_id = d.company_id AND still.employee_id = %(former)s AND still.kind = ANY(%(kinds)s)
        AND still.valid @> %(today)s::date
  )
RETURNING d.id, %(former)s::bigint, %(holder)s::bigint
