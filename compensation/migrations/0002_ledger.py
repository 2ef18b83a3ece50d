"""The ledger: append-only lines partitioned by the month they are posted in, and what is stale and must be computed again."""

from __future__ import annotations

from django.db import migrations

TABLES = """
CREATE TABLE compensation_creditline (
    payment_id bigint NOT NULL,
    payee_id integer NOT NULL,
    component_id integer NOT NULL,
    department_id integer,
    run_id integer NOT NULL,
    period_on date NOT NULL,
    origin_on date NOT NULL,
    revision smallint NOT NULL,
    is_new boolean NOT NULL,
    net_amount numeric(18, 2) NOT NULL,
    basis_amount numeric(18, 2) NOT NULL,
    rate numeric(9, 6),
    amount numeric(18, 2) NOT NULL
) PARTITION BY RANGE (period_on);
ALTER TABLE compensation_creditline ADD CONSTRAINT compensation_creditline_pkey
    PRIMARY KEY (payment_id, component_id, payee_id, origin_on, revision, period_on);
CREATE INDEX compensation_creditline_by_payee ON compensation_creditline (payee_id);

CREATE TABLE compensation_earningline (
    payee_id integer NOT NULL,
    component_id integer NOT NULL,
    department_id integer NOT NULL,
    run_id integer NOT NULL,
    period_on date NOT NULL,
    origin_on date NOT NULL,
    revision smallint NOT NULL,
    amount numeric(18, 2) NOT NULL,
    trace jsonb NOT NULL,
    PRIMARY KEY (origin_on, payee_id, component_id, department_id, revision, period_on)
) PARTITION BY RANGE (period_on);
CREATE INDEX compensation_earningline_by_payee ON compensation_earningline (payee_id);
"""

GUARDS = """
CREATE TRIGGER compensation_creditline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON compensation_creditline
    FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change();
CREATE TRIGGER compensation_earningline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON compensation_earningline
    FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change();
CREATE TRIGGER compensation_component_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON compensation_component
    FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change();
CREATE TRIGGER compensation_tier_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON compensation_tier
    FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change();

CREATE FUNCTION compensation_partition_name(parent text, month_on date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('%s_%s', parent, to_char(month_on, '"y"YYYY"m"MM'))
$$;

-- The partitions of a month, each guarded of its own, so that nobody can go around the parent's guard
CREATE FUNCTION compensation_open_period(month_on date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    child text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['compensation_creditline', 'compensation_earningline'] LOOP
        child := compensation_partition_name(parent, month_on);
        PERFORM salesys_ensure_partition(parent::regclass, month_on);
        PERFORM compensation_guard(child);
    END LOOP;
END $$;

CREATE FUNCTION compensation_guard(child text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = child::regclass AND tgname = child || '_append_only') THEN
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION salesys_refuse_change()', child || '_append_only', child);
    END IF;
END $$;

-- Whether nothing has been posted into a month; its partition may exist already, because bulk tables are prepared ahead
CREATE FUNCTION compensation_is_empty(month_on date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    child text := compensation_partition_name('compensation_creditline', month_on);
    has_rows boolean := false;
BEGIN
    IF to_regclass(child) IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', child) INTO has_rows;
    END IF;
    RETURN NOT has_rows;
END $$;

-- A table for a month's first lines: filled bare, then indexed, then attached; the quickest way to write many
CREATE FUNCTION compensation_begin_load() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TABLE compensation_loading (LIKE compensation_creditline INCLUDING DEFAULTS);
END $$;

CREATE FUNCTION compensation_attach_load(month_on date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := compensation_partition_name('compensation_creditline', month_on);
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', child);
    EXECUTE format('ALTER TABLE compensation_loading RENAME TO %I', child);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (payment_id, component_id, payee_id, origin_on, revision, period_on)', child);
    EXECUTE format('CREATE INDEX ON %I (payee_id)', child);
    EXECUTE format('ALTER TABLE compensation_creditline ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   child, month_on, (month_on + interval '1 month')::date);
    PERFORM compensation_guard(child);
END $$;

-- What is approved is sealed: the database itself refuses further lines in that month
CREATE FUNCTION compensation_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    child text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'pay period % cannot be deleted', OLD.month_on USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'closed' OR NEW.month_on <> OLD.month_on THEN
        RAISE EXCEPTION 'pay period % is closed and never changes', OLD.month_on USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('open', 'calculated') AND NEW.status IN ('approved', 'closed') THEN
        PERFORM compensation_open_period(NEW.month_on);
        FOREACH parent IN ARRAY ARRAY['compensation_creditline', 'compensation_earningline'] LOOP
            child := compensation_partition_name(parent, NEW.month_on);
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (false) NOT VALID', child, child || '_sealed');
        END LOOP;
    ELSIF OLD.status = 'approved' AND NEW.status IN ('open', 'calculated') THEN
        FOREACH parent IN ARRAY ARRAY['compensation_creditline', 'compensation_earningline'] LOOP
            child := compensation_partition_name(parent, NEW.month_on);
            EXECUTE format('ALTER TABLE %I DROP CONSTRAINT IF EXISTS %I', child, child || '_sealed');
        END LOOP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compensation_payperiod_seal BEFORE UPDATE OR DELETE ON compensation_payperiod
    FOR EACH ROW EXECUTE FUNCTION compensation_seal();
"""

STATEMENTS = """
-- What a payee gets in a period, by grain payee x period
CREATE VIEW compensation_statement AS
SELECT payee_id::bigint * 1000000 + (extract(year FROM period_on) * 100 + extract(month FROM period_on))::integer AS id,
       payee_id, period_on, sum(amount) AS amount,
       coalesce(sum(amount) FILTER (WHERE origin_on < period_on), 0.00) AS adjustment_amount, sum(line_count)::integer AS line_count
FROM (
    SELECT payee_id, period_on, origin_on, amount, line_count FROM compensation_measure
    UNION ALL
    SELECT payee_id, period_on, origin_on, amount, 1 FROM compensation_earningline
) AS lines
GROUP BY payee_id, period_on;
"""

STALE = """
CREATE FUNCTION compensation_stale_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A mark for each payment, unless so many came at once that whole months are quicker
    IF (SELECT count(*) FROM (SELECT FROM added LIMIT 20001) few) > 20000 THEN
        INSERT INTO compensation_stale (kind, from_on) SELECT DISTINCT 'month', date_trunc('month', paid_on)::date FROM added;
    ELSE
        INSERT INTO compensation_stale (kind, key, from_on) SELECT 'payment', id, paid_on FROM added;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_payments AFTER INSERT ON pipeline_payment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_payments();

CREATE FUNCTION compensation_range_change(before daterange, after daterange) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    -- The first date on which two ranges differ; null when they do not
    SELECT CASE WHEN before = after THEN NULL
                WHEN lower(before) = lower(after) THEN least(upper(before), upper(after))
                ELSE least(lower(before), lower(after)) END
$$;

CREATE FUNCTION compensation_stale_relationships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO compensation_stale (kind, key, from_on) SELECT 'company', company_id, min(lower(valid)) FROM added GROUP BY company_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO compensation_stale (kind, key, from_on) SELECT 'company', company_id, min(lower(valid)) FROM gone GROUP BY company_id;
    ELSE
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT 'company', side.company_id, side.from_on
        FROM gone g JOIN added a USING (id)
        CROSS JOIN LATERAL (VALUES
            (a.company_id, CASE WHEN (g.company_id, g.employee_id, g.kind) = (a.company_id, a.employee_id, a.kind)
                                THEN compensation_range_change(g.valid, a.valid) ELSE lower(a.valid) END),
            (g.company_id, CASE WHEN (g.company_id, g.employee_id, g.kind) <> (a.company_id, a.employee_id, a.kind)
                                THEN lower(g.valid) END)
        ) AS side (company_id, from_on)
        WHERE side.from_on IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_relationships_added AFTER INSERT ON pipeline_relationship REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_relationships();
CREATE TRIGGER compensation_stale_relationships_gone AFTER DELETE ON pipeline_relationship REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_relationships();
CREATE TRIGGER compensation_stale_relationships_changed AFTER UPDATE ON pipeline_relationship
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_relationships();

CREATE FUNCTION compensation_stale_contracts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compensation_stale (kind, key)
    SELECT 'contract', a.id FROM gone g JOIN added a USING (id)
    WHERE (g.deal_id, g.product_id, g.seller_id, g.amount, g.direct_cost)
          IS DISTINCT FROM (a.deal_id, a.product_id, a.seller_id, a.amount, a.direct_cost);
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_contracts AFTER UPDATE ON pipeline_contract REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_contracts();

CREATE FUNCTION compensation_stale_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO compensation_stale (kind, key)
    SELECT 'product', a.id FROM gone g JOIN added a USING (id)
    WHERE (g.cost_rate, g.category) IS DISTINCT FROM (a.cost_rate, a.category);
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_products AFTER UPDATE ON pipeline_product REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_products();

-- The client's first won deal decides what is new: all that it has paid may change
CREATE FUNCTION compensation_stale_deals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT DISTINCT 'company', company_id, '-infinity'::date FROM added WHERE status = 'won';
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT DISTINCT 'company', company_id, '-infinity'::date FROM gone WHERE status = 'won';
    ELSE
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT DISTINCT 'company', side.company_id, '-infinity'::date
        FROM gone g JOIN added a USING (id)
        CROSS JOIN LATERAL (VALUES (g.company_id), (a.company_id)) AS side (company_id)
        WHERE (g.status = 'won' OR a.status = 'won') AND side.company_id IS NOT NULL
          AND (g.status, g.closed_on, g.company_id) IS DISTINCT FROM (a.status, a.closed_on, a.company_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_deals_added AFTER INSERT ON pipeline_deal REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_deals();
CREATE TRIGGER compensation_stale_deals_gone AFTER DELETE ON pipeline_deal REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_deals();
CREATE TRIGGER compensation_stale_deals_changed AFTER UPDATE ON pipeline_deal REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_deals();

-- Who stands where decides by which scheme they are paid and whose department collects
CREATE FUNCTION compensation_stale_assignments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO compensation_stale (kind, key, from_on) SELECT 'payee', employee_id, min(lower(valid)) FROM added GROUP BY employee_id;
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT 'department', department_id, min(lower(valid)) FROM added GROUP BY department_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO compensation_stale (kind, key, from_on) SELECT 'payee', employee_id, min(lower(valid)) FROM gone GROUP BY employee_id;
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT 'department', department_id, min(lower(valid)) FROM gone GROUP BY department_id;
    ELSE
        INSERT INTO compensation_stale (kind, key, from_on)
        SELECT side.kind, side.key, CASE WHEN (g.employee_id, g.department_id, g.role) = (a.employee_id, a.department_id, a.role)
                                         THEN compensation_range_change(g.valid, a.valid) ELSE least(lower(g.valid), lower(a.valid)) END
        FROM gone g JOIN added a USING (id)
        CROSS JOIN LATERAL (VALUES ('payee', g.employee_id), ('payee', a.employee_id),
                                   ('department', g.department_id), ('department', a.department_id)) AS side (kind, key)
        WHERE (g.employee_id, g.department_id, g.role, g.valid) IS DISTINCT FROM (a.employee_id, a.department_id, a.role, a.valid);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_assignments_added AFTER INSERT ON accounts_assignment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_assignments();
CREATE TRIGGER compensation_stale_assignments_gone AFTER DELETE ON accounts_assignment REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_assignments();
CREATE TRIGGER compensation_stale_assignments_changed AFTER UPDATE ON accounts_assignment
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION compensation_stale_assignments();

-- A scheme's terms or its assignment changed: everything from that date on (TG_ARGV: the rows are small and change seldom)
CREATE FUNCTION compensation_stale_schemes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO compensation_stale (kind, from_on) VALUES ('since', coalesce(
            CASE WHEN to_jsonb(OLD) - 'valid' = to_jsonb(NEW) - 'valid' THEN compensation_range_change(OLD.valid, NEW.valid) END,
            least(lower(OLD.valid), lower(NEW.valid))));
    ELSE
        INSERT INTO compensation_stale (kind, from_on)
        VALUES ('since', lower(CASE WHEN TG_OP = 'INSERT' THEN NEW.valid ELSE OLD.valid END));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_versions AFTER INSERT OR UPDATE OR DELETE ON compensation_schemeversion
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_schemes();
CREATE TRIGGER compensation_stale_scheme_assignments AFTER INSERT OR UPDATE OR DELETE ON compensation_schemeassignment
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_schemes();

-- Days, plans and weights change what a month earns, not who is credited. TG_ARGV[0] is the column with the date
CREATE FUNCTION compensation_stale_earnings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO compensation_stale (kind, from_on) VALUES ('earnings', date_trunc('month', (to_jsonb(OLD) ->> TG_ARGV[0])::date));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO compensation_stale (kind, from_on) VALUES ('earnings', date_trunc('month', (to_jsonb(NEW) ->> TG_ARGV[0])::date));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_calendar AFTER INSERT OR UPDATE OR DELETE ON planning_calendarcorrection
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_earnings('on');
CREATE TRIGGER compensation_stale_weights AFTER INSERT OR UPDATE OR DELETE ON compensation_poolweight
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_earnings('month_on');

-- A plan that is agreed, or gives way to another, changes the attainment of its year's months
CREATE FUNCTION compensation_stale_plans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'draft' THEN
        INSERT INTO compensation_stale (kind, from_on)
        SELECT 'earnings', make_date(NEW.year, month, 1) FROM generate_series(1, 12) AS month;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER compensation_stale_plans AFTER INSERT OR UPDATE OF status ON planning_yearplan
    FOR EACH ROW EXECUTE FUNCTION compensation_stale_plans();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0001_initial"),
        ("accounts", "0001_initial"),
        ("pipeline", "0001_initial"),
        ("planning", "0001_initial"),
        ("salesys", "0002_functions"),
    ]
    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
    ]
