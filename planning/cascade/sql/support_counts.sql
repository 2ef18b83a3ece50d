-- Research cards and letters of the whole company in [since, basis): what assistants did for the calls.
SELECT (SELECT count(*) FROM pipeline_researchcard WHERE prepared_on >= %(since)s AND prepared_on < %(basis)s) AS cards,
       (SELECT count(*) FROM pipeline_task
        WHERE kind = 'letter' AND status = 'done'
          AND done_at >= (%(since)s::date::timestamp AT TIME ZONE %(zone)s)
          AND done_at < (%(basis)s::date::timestamp AT TIME ZONE %(zone)s)) AS letters
