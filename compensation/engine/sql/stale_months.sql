-- Months to compute whole: marked ones, everything since a mark, or all of them in a full run, from the oldest payment on.
INSERT INTO run_month (month_on)
SELECT DISTINCT date_trunc('month', day)::date
FROM (
    SELECT from_on::timestamp AS day FROM run_mark WHERE kind = 'month'
    UNION ALL
    SELECT generate_series(date_trunc('month', greatest(least(
               (SELECT min(from_on) FROM run_mark WHERE kind = 'since'),
               CASE WHEN %(full)s THEN '-infinity'::date END
           ), %(oldest)s)), %(last)s, interval '1 month')
    WHERE %(full)s OR EXISTS (SELECT FROM run_mark WHERE kind = 'since')
) AS days
