"""Calls: partitioned by month, without foreign keys, because writing is the limit of bulk tables."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE SEQUENCE pipeline_call_id_seq;
CREATE TABLE pipeline_call (
    id bigint NOT NULL DEFAULT nextval('pipeline_call_id_seq'),
    called_on date NOT NULL,
    started_at timestamptz NOT NULL,
    duration_seconds integer NOT NULL DEFAULT 0 CHECK (duration_seconds >= 0),
    employee_id bigint NOT NULL,
    company_id bigint NOT NULL,
    contact_id bigint,
    entry_id bigint,
    deal_id bigint,
    outcome varchar(12) NOT NULL CHECK (outcome IN ('no_answer', 'busy', 'wrong_number', 'gatekeeper', 'call_back', 'refused',
                                                    'information', 'warm', 'meeting')),
    note text NOT NULL DEFAULT '',
    next_step varchar(200) NOT NULL DEFAULT '',
    next_step_at timestamptz,
    PRIMARY KEY (id, called_on)
) PARTITION BY RANGE (called_on);
ALTER SEQUENCE pipeline_call_id_seq OWNED BY pipeline_call.id;
CREATE TABLE pipeline_call_default PARTITION OF pipeline_call DEFAULT;
CREATE INDEX pipeline_call_by_employee ON pipeline_call (employee_id, called_on, id);
CREATE INDEX pipeline_call_by_company ON pipeline_call (company_id, called_on, id);
CREATE INDEX pipeline_call_by_deal ON pipeline_call (deal_id) WHERE deal_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_initial"), ("salesys", "0002_functions")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE pipeline_call")]
