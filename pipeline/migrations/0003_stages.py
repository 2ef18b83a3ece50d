"""The stages of the funnel that every installation starts with."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
INSERT INTO pipeline_stage (code, name, position, kind, probability) VALUES
    ('new', 'Warm contact', 1, 'open', 0.10),
    ('engaged', 'Meeting', 2, 'open', 0.25),
    ('proposal', 'Proposal', 3, 'open', 0.45),
    ('contract', 'Contract', 4, 'open', 0.80),
    ('won', 'Won', 5, 'won', 1),
    ('lost', 'Lost', 6, 'lost', 0);
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0002_bulk_tables")]
    operations = [migrations.RunSQL(FORWARD, "DELETE FROM pipeline_stage")]
