"""The amounts of a plan that was agreed cannot be changed, by whatever way they are reached."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION planning_refuse_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.node_id ELSE OLD.node_id END;
BEGIN
    IF EXISTS (SELECT FROM planning_plannode n JOIN planning_yearplan p ON p.id = n.plan_id WHERE n.id = asked AND p.status <> 'draft')
    THEN
        RAISE EXCEPTION 'the amounts of an agreed plan are fixed: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER planning_planamount_agreed BEFORE INSERT OR UPDATE OR DELETE ON planning_planamount
    FOR EACH ROW EXECUTE FUNCTION planning_refuse_agreed();

CREATE FUNCTION planning_refuse_goal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the goal of an agreed plan is fixed' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER planning_yearplan_agreed BEFORE UPDATE ON planning_yearplan FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (NEW.goal <> OLD.goal OR NEW.year <> OLD.year OR NEW.status = 'draft'))
    EXECUTE FUNCTION planning_refuse_goal();
"""

BACKWARD = """
DROP TRIGGER planning_yearplan_agreed ON planning_yearplan;
DROP TRIGGER planning_planamount_agreed ON planning_planamount;
DROP FUNCTION planning_refuse_goal();
DROP FUNCTION planning_refuse_agreed();
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
