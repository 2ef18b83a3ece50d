-- Who is paid by which version of a scheme, standing in which department, on which dates.
-- Row: payee x assignment x version. A scheme given in person goes before the scheme of the role.
INSERT INTO run_coverage (payee_id, department_id, scheme_id, version_id, new_until, from_on, until_on)
WITH in_person AS (
    -- the dates on which a person has a scheme of their own
    SELECT employee_id, range_agg(valid) AS covered
    FROM compensation_schemeassignment
    WHERE employee_id IS NOT NULL
    GROUP BY employee_id
),
given AS (
    SELECT a.employee_id, a.department_id, s.scheme_id, a.valid * s.valid AS valid
    FROM accounts_assignment a
    JOIN compensation_schemeassignment s ON s.employee_id = a.employee_id AND s.valid && a.valid
    UNION ALL
    SELECT a.employee_id, a.department_id, s.scheme_id, part
    FROM accounts_assignment a
    JOIN compensation_schemeassignment s ON s.employee_id IS NULL AND s.role = a.role AND s.valid && a.valid
    LEFT JOIN in_person p ON p.employee_id = a.employee_id
    CROSS JOIN LATERAL unnest(datemultirange(a.valid * s.valid) - coalesce(p.covered, datemultirange())) AS part
),
dated AS (
    SELECT g.employee_id, g.department_id, g.scheme_id, v.id AS version_id, v.new_until, g.valid * v.valid AS valid
    FROM given g
    JOIN compensation_schemeversion v ON v.scheme_id = g.scheme_id AND v.valid && g.valid
)
SELECT employee_id, department_id, scheme_id, version_id, new_until,
       coalesce(lower(valid), '-infinity'::date), coalesce(upper(valid), 'infinity'::date)
FROM dated
