"""Payments are never changed, and a contract always knows what has been paid on it."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION pipeline_payment_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'note') = (to_jsonb(OLD) - 'note') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'payment % is never changed: % is refused; record a refund or another payment', OLD.id, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER pipeline_payment_immutable BEFORE UPDATE OR DELETE ON pipeline_payment
    FOR EACH ROW EXECUTE FUNCTION pipeline_payment_refuse_change();

CREATE FUNCTION pipeline_payment_add_to_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pipeline_contract c SET paid_amount = c.paid_amount + s.amount
    FROM (SELECT contract_id, sum(amount_without_vat) AS amount FROM added GROUP BY contract_id ORDER BY contract_id) s
    WHERE c.id = s.contract_id;
    RETURN NULL;
END $$;

CREATE TRIGGER pipeline_payment_counts AFTER INSERT ON pipeline_payment REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION pipeline_payment_add_to_contract();
"""

BACKWARD = """
DROP TRIGGER pipeline_payment_counts ON pipeline_payment;
DROP FUNCTION pipeline_payment_add_to_contract();
DROP TRIGGER pipeline_payment_immutable ON pipeline_payment;
DROP FUNCTION pipeline_payment_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0003_stages")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
