-- A payment that says captured has its capture, by an attempt of its own that says so, and no other payment has one.
WITH judged AS (
  SELECT i.order_id, i.status, c.order_id IS NOT NULL AS is_taken, a.outcome,
         (i.status = 'captured') = (c.order_id IS NOT NULL)
           AND (c.order_id IS NULL OR a.order_id = i.order_id AND a.outcome = 'captured') AS holds
  FROM intents i LEFT JOIN captures c ON c.order_id = i.order_id LEFT JOIN attempts a ON a.attempt_key = c.attempt_key
)
SELECT count(*) AS checked,
       coalesce(array_agg(order_id::text) FILTER (WHERE NOT holds), '{}') AS keys,
       coalesce(array_agg(format('is %s, %s', status,
         CASE WHEN is_taken THEN 'with a capture by an attempt that is ' || outcome ELSE 'without a capture' END))
         FILTER (WHERE NOT holds), '{}') AS details
FROM judged
