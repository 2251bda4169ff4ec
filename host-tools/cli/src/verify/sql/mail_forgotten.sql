-- Nothing that was written to somebody whose account was deleted says who that was.
WITH gone AS (
  SELECT user_id FROM recipients WHERE erased_at IS NOT NULL
), named AS (
  SELECT user_id, 'mail ' || id AS what FROM messages JOIN gone USING (user_id)
  WHERE recipient IS NOT NULL OR subject IS NOT NULL
  UNION ALL
  SELECT user_id, 'contact of order ' || number FROM order_contacts JOIN gone USING (user_id)
  WHERE name <> '' OR email NOT LIKE '%.invalid'
  UNION ALL
  SELECT user_id, 'source of mail ' || message_id FROM message_sources JOIN messages ON id = message_id JOIN gone USING (user_id)
)
SELECT (SELECT count(*) FROM gone) AS checked,
       coalesce(array_agg(user_id::text), '{}') AS keys,
       coalesce(array_agg(what), '{}') AS details
FROM named
