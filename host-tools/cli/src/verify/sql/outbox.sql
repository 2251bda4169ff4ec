-- Events that did not reach their stream.
SELECT count(*) AS checked,
       coalesce(array_agg(id::text), '{}') AS keys,
       coalesce(array_agg((event ->> 'type') || ' of ' || (event ->> 'key')), '{}') AS details
FROM outbox
