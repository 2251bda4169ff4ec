-- One event makes one mail of a template.
WITH mails AS (
  SELECT event_id, template, count(*) AS copies FROM messages GROUP BY event_id, template
)
SELECT count(*) AS checked,
       coalesce(array_agg(event_id || '/' || template) FILTER (WHERE copies > 1), '{}') AS keys,
       coalesce(array_agg(copies || ' mails') FILTER (WHERE copies > 1), '{}') AS details
FROM mails
