-- Payments with a line that stands, when all lines of the month are those just loaded.
CREATE OR REPLACE TEMPORARY VIEW run_standing AS SELECT payment_id FROM %(loading)s
