"""The call queue's one question, anew: nobody is called again on the day of a refusal, nor while a colleague is on the line."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION pipeline_claim_entry(
    caller bigint, at timestamptz, missed timestamptz, day_begins timestamptz, this_quarter bigint
) RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    found_id bigint;
    open_zones text[];
BEGIN
    -- What the caller has in hand is given again.
    SELECT e.id INTO found_id FROM pipeline_calllistentry e WHERE e.claimed_by_id = caller AND e.state = 'claimed';
    IF found_id IS NOT NULL THEN
        RETURN found_id;
    END IF;

    -- Nobody has asked in this quarter of an hour yet: the application says which time zones are open, and asks again.
    SELECT o.zones INTO open_zones FROM pipeline_openzones o WHERE o.quarter = this_quarter;
    IF open_zones IS NULL THEN
        RETURN -1;
    END IF;

    -- Call-backs that the caller promised: the agreed time counts, whatever the hour there; one that was missed waits for
    -- the client's working hours. While a colleague is calling the company from another list, the next promise is kept.
    SELECT e.id INTO found_id FROM pipeline_calllistentry e
    WHERE e.reserved_for_id = caller AND e.state = 'waiting' AND e.not_before <= at
      AND (e.not_before > missed OR e.time_zone = ANY(open_zones))
      AND NOT EXISTS (
          SELECT FROM pipeline_calllistentry o WHERE o.company_id = e.company_id AND o.id <> e.id AND o.state = 'claimed')
    ORDER BY e.not_before, e.id LIMIT 1
    FOR UPDATE SKIP LOCKED;

    -- Companies that were tried and did not answer, once their time has come. As below, one that a colleague is calling, has
    -- promised to call or has taken today from another list is left out.
    IF found_id IS NULL THEN
        SELECT chosen.id INTO found_id
        FROM pipeline_calllistmember m JOIN pipeline_calllist l ON l.id = m.call_list_id AND l.is_active
        CROSS JOIN LATERAL (
            SELECT e.id FROM pipeline_calllistentry e
            WHERE e.call_list_id = l.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before <= at
              AND e.time_zone = ANY(open_zones)
              AND NOT EXISTS (
                  SELECT FROM pipeline_calllistentry o WHERE o.company_id = e.company_id AND o.id <> e.id
                    AND (o.state = 'claimed' OR o.claimed_at >= day_begins OR o.state = 'waiting' AND o.reserved_for_id <> caller))
            ORDER BY e.not_before, e.id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) chosen
        WHERE m.employee_id = caller LIMIT 1;
    END IF;

    IF found_id IS NULL THEN
        WITH RECURSIVE
        -- The first untouched entry of each list and time zone: one step through the index for each.
        tops AS (
            SELECT l.id AS list_id, first.*
            FROM pipeline_calllistmember m JOIN pipeline_calllist l ON l.id = m.call_list_id AND l.is_active
            CROSS JOIN LATERAL (
                SELECT e.time_zone, e.priority, e.id FROM pipeline_calllistentry e
                WHERE e.call_list_id = l.id AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
                ORDER BY e.time_zone, e.priority, e.id LIMIT 1
            ) first
            WHERE m.employee_id = caller
            UNION ALL
            SELECT tops.list_id, next.* FROM tops CROSS JOIN LATERAL (
                SELECT e.time_zone, e.priority, e.id FROM pipeline_calllistentry e
                WHERE e.call_list_id = tops.list_id AND e.state = 'waiting' AND e.reserved_for_id IS NULL
                  AND e.not_before IS NULL AND e.time_zone > tops.time_zone
                ORDER BY e.time_zone, e.priority, e.id LIMIT 1
            ) next
        )
        -- The most urgent of them where clients are awake; where others hold the first ones, the next of the same zone.
        -- A company that a colleague is calling, has promised to call or has taken today from another list is left out.
        SELECT chosen.id INTO found_id
        FROM (SELECT * FROM tops WHERE time_zone = ANY(open_zones) ORDER BY priority, id) top
        CROSS JOIN LATERAL (
            SELECT e.id FROM pipeline_calllistentry e
            WHERE e.call_list_id = top.list_id AND e.time_zone = top.time_zone
              AND e.state = 'waiting' AND e.reserved_for_id IS NULL AND e.not_before IS NULL
              AND NOT EXISTS (
                  SELECT FROM pipeline_calllistentry o WHERE o.company_id = e.company_id AND o.id <> e.id
                    AND (o.state = 'claimed' OR o.claimed_at >= day_begins OR o.state = 'waiting' AND o.reserved_for_id <> caller))
            ORDER BY e.priority, e.id LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) chosen LIMIT 1;
    END IF;

    UPDATE pipeline_calllistentry e SET state = 'claimed', claimed_by_id = caller, claimed_at = at WHERE e.id = found_id;
    RETURN found_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0010_claim_indexes")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
