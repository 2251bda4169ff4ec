-- Every mail was handed over, bounced (there is no such address, which nobody here can mend), or held back for a reason
-- that is noted with it.
WITH mails AS (
  SELECT *, status IN ('delivered', 'bounced', 'suppressed') AS is_settled FROM messages
)
SELECT count(*) AS checked,
       coalesce(array_agg(id::text) FILTER (WHERE NOT is_settled), '{}') AS keys,
       coalesce(array_agg(concat_ws(' ', template, status, error)) FILTER (WHERE NOT is_settled), '{}') AS details
FROM mails
