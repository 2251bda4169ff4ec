-- Every mail was handed over.
SELECT count(*) AS checked,
       coalesce(array_agg(id::text) FILTER (WHERE status <> 'delivered'), '{}') AS keys,
       coalesce(array_agg(concat_ws(' ', template, status, error)) FILTER (WHERE status <> 'delivered'), '{}') AS details
FROM messages
