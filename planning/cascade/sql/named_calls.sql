-- Which company each call goes to; a company that stands in two lists is called once. Numbers are drawn here, so that every
-- statement that follows joins tables whose size is known.
CREATE TEMP TABLE cascade_call ON COMMIT DROP AS
SELECT nextval('planning_planneditem_id_seq') AS id, chosen.*
FROM (
    SELECT DISTINCT ON (e.company_id) s.employee_id, s."on", s.card_on, s.direction_id, e.id AS entry_id, e.company_id
    FROM cascade_slot s
    JOIN cascade_entry e USING (call_list_id, place)
    ORDER BY e.company_id, s."on", s.employee_id
) AS chosen
ORDER BY employee_id, "on", entry_id;
ANALYZE cascade_call
